def members(solution):
    return ()
