"""Teaching sessions: cases made, sessions held, what a learner may read when, feedback and figures."""
