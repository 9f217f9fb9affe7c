"""Stand-ins: tiny random checkpoints with exactly the file layout of each published system.

They let every command, test and benchmark run without weights. Their answers mean nothing, and each says so.
"""
