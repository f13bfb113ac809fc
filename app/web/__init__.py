"""The pages: what people meet in a browser. Every page renders what the API returns and works without JavaScript."""
