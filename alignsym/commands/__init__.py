"""What the command line can do with a model file, one command a module; `cli` lists them."""
