namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The exception for a wrong answer that is none of the product's own exceptions: other pixels, a part refused.</summary>
internal sealed class FuzzFindingException(string kind) : Exception(kind);
