"""Who was treated, with what and when, and how long each subject was watched."""
