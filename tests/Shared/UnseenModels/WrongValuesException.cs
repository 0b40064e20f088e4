namespace MLNetExtensions.UnseenModels;

/// <summary>A step ended, and what it gave is wrong.</summary>
internal sealed class WrongValuesException(string message) : Exception(message);
