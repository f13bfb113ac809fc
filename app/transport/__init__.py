"""Between HTTP and the use cases: who asks, how errors leave, what every response carries."""
