namespace MLNetExtensions.Imaging;

/// <summary>A picture that cannot be read: missing, empty, truncated, corrupt, too large, or of a format that is not supported.</summary>
public sealed class BadImageException : Exception
{
    /// <summary>Makes the exception for one picture.</summary>
    /// <param name="row">The picture's row in the data view, from 0; -1 where it is in no data view.</param>
    /// <param name="path">The picture's file; null where it came as bytes or pixels.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="innerException">The error of the file system, where there was one.</param>
    public BadImageException(long row, string? path, string reason, Exception? innerException = null)
        : base(Describe(row, path, reason), innerException)
    {
        Row = row;
        Path = path;
        Reason = reason;
        BadImages = [new BadImage(row, path, reason)];
    }

    /// <summary>What a column of pictures threw at a row, with the row's number in the view that is read.</summary>
    /// <returns>Null where the error says nothing about the picture.</returns>
    internal static BadImageException? At(long row, Exception error) => error switch
    {
        // A source, or our own LoadImages, does not know the rows of the views behind it.
        BadImageException bad => bad.Row == row ? bad : new BadImageException(row, bad.Path, bad.Reason, bad),
        // What ML.NET's LoadImages throws for files that are missing or that it cannot decode.
        ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException =>
            new BadImageException(row, (error as FileNotFoundException)?.FileName, $"it could not be loaded ({error.Message})", error),
        _ => null,
    };

    internal BadImageException(IReadOnlyList<BadImage> badImages, int limit, BadImageException last)
        : base($"{badImages.Count} pictures cannot be used, more than MaxBadImages = {limit} allows:" +
            string.Concat(badImages.Select(bad => $"\n  row {bad.Row}{(bad.Path is null ? "" : $", '{bad.Path}'")}: {bad.Reason}")) +
            "\nRepair them, take them out of the data, or allow more.", last)
    {
        Row = last.Row;
        Path = last.Path;
        Reason = last.Reason;
        BadImages = badImages;
    }

    /// <summary>The picture's row in the data view, from 0; -1 where it is in no data view.</summary>
    public long Row { get; }

    /// <summary>The picture's file; null where it came as bytes or pixels.</summary>
    public string? Path { get; }

    /// <summary>What is wrong with the picture.</summary>
    public string Reason { get; }

    /// <summary>Whether it was refused for its size alone: more bytes or pixels than are allowed.</summary>
    public bool IsTooLarge { get; internal init; }

    /// <summary>This picture and those that <c>MaxBadImages</c> had allowed before it.</summary>
    public IReadOnlyList<BadImage> BadImages { get; }

    private static string Describe(long row, string? path, string reason)
    {
        string where = (row >= 0, path) switch
        {
            (true, null) => $"The picture of row {row}",
            (true, _) => $"The picture of row {row}, '{path}',",
            (false, null) => "The picture",
            _ => $"The picture '{path}'",
        };
        return $"{where} cannot be used: {reason}. Repair it or take it out of the data, or allow bad pictures with MaxBadImages.";
    }
}
