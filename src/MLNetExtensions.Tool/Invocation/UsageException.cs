namespace MLNetExtensions.Tool.Invocation;

/// <summary>A wrong flag, file, folder or configuration. The message says what was wrong and what is right, in one line.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
