namespace WebAppSample.Images;

/// <summary>The exception for a request whose image is not taken.</summary>
/// <param name="status">The status of the answer, 4xx.</param>
/// <param name="title">What is wrong.</param>
/// <param name="detail">What was expected, and what to do.</param>
public sealed class RejectedImageException(int status, string title, string detail) : Exception($"{title} {detail}")
{
    /// <summary>The status of the answer, 4xx.</summary>
    public int Status => status;

    /// <summary>What is wrong.</summary>
    public string Title => title;

    /// <summary>What was expected, and what to do.</summary>
    public string Detail => detail;
}
