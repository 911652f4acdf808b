print("ochenta-bench")
