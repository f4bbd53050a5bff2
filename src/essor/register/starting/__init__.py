"""“Start a business in the ESS”: four questions, the forms of the law that suit, and who helps."""
