namespace MLNetExtensions.Imaging;

/// <summary>
/// The exception for an image that cannot be read: missing, empty, truncated, corrupt, too large, or of an unsupported format.
/// </summary>
public sealed class InvalidImageException : Exception
{
    /// <summary>Creates the exception for one image.</summary>
    /// <param name="row">The image's row in the data view, from 0; -1 if it is in no data view.</param>
    /// <param name="path">The image's file; null if it came as bytes or pixels.</param>
    /// <param name="reason">The reason why it cannot be read.</param>
    /// <param name="innerException">The error of the file system, if any.</param>
    public InvalidImageException(long row, string? path, string reason, Exception? innerException = null)
        : base(Describe(row, path, reason), innerException)
    {
        Row = row;
        Path = path;
        Reason = reason;
        InvalidImages = [new InvalidImage(row, path, reason)];
    }

    /// <summary>Wraps an error that an image column threw at a row, with the row's number in the data view being read.</summary>
    /// <returns>Null if the error says nothing about the image.</returns>
    internal static InvalidImageException? At(long row, Exception error) =>
        error switch
        {
            // A source, or our own DecodeImages, does not know the rows of the views behind it.
            InvalidImageException bad => bad.Row == row ? bad : new InvalidImageException(row, bad.Path, bad.Reason, bad),
            // The exceptions of ML.NET's LoadImages for files that are missing or cannot be decoded.
            ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException => new InvalidImageException(
                row,
                (error as FileNotFoundException)?.FileName,
                $"it could not be loaded ({error.Message})",
                error
            ),
            _ => null,
        };

    internal InvalidImageException(IReadOnlyList<InvalidImage> invalidImages, int limit, InvalidImageException last)
        : base(
            $"{invalidImages.Count} images cannot be used, more than MaxInvalidImages = {limit} allows:"
                + string.Concat(
                    invalidImages.Select(bad => $"\n  row {bad.Row}{(bad.Path is null ? "" : $", '{bad.Path}'")}: {bad.Reason}")
                )
                + "\nRepair them, take them out of the data, or allow more.",
            last
        )
    {
        Row = last.Row;
        Path = last.Path;
        Reason = last.Reason;
        InvalidImages = invalidImages;
    }

    /// <summary>The image's row in the data view, from 0; -1 if it is in no data view.</summary>
    public long Row { get; }

    /// <summary>The image's file; null if it came as bytes or pixels.</summary>
    public string? Path { get; }

    /// <summary>A description of the problem with the image.</summary>
    public string Reason { get; }

    /// <summary>True if the image was refused for its size alone: more bytes or pixels than are allowed.</summary>
    public bool IsTooLarge { get; internal init; }

    /// <summary>This image and those that <c>MaxInvalidImages</c> had allowed before it.</summary>
    public IReadOnlyList<InvalidImage> InvalidImages { get; }

    private static string Describe(long row, string? path, string reason)
    {
        string where = (row >= 0, path) switch
        {
            (true, null) => $"The image of row {row}",
            (true, _) => $"The image of row {row}, '{path}',",
            (false, null) => "The image",
            _ => $"The image '{path}'",
        };
        return $"{where} cannot be used: {reason}. "
            + $"{(row >= 0 ? "Repair it or take it out of the data, or allow invalid images with MaxInvalidImages." : "Repair it or use another.")}";
    }
}
