"""What is true of an answer: propositions, signs, comparative statics, regime by regime."""
