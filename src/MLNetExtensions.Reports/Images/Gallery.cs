using Microsoft.ML.Data;
using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Images;

/// <summary>The images of a report, as many as its limits allow.</summary>
internal sealed class Gallery
{
    private readonly IReadOnlyDictionary<int, Thumbnail> _thumbnails;

    private Gallery(IReadOnlyDictionary<int, Thumbnail> thumbnails, ImagesContent images) => (_thumbnails, Images) = (thumbnails, images);

    /// <summary>The number of images, and those that cannot be read.</summary>
    public ImagesContent Images { get; }

    /// <summary>The path of a row's image; null if it has none, or the row was not asked for.</summary>
    public string? PathOf(int row) => Of(row)?.Path;

    /// <summary>A row's image; null if the row was not asked for.</summary>
    public Thumbnail? Of(int row) => _thumbnails.GetValueOrDefault(row);

    /// <summary>Reads the images that are shown.</summary>
    /// <param name="reader">Reads rows.</param>
    /// <param name="ids">The ids of all rows.</param>
    /// <param name="worst">The rows that are listed, with or without an image.</param>
    /// <param name="more">Further rows, the most wanted first.</param>
    /// <param name="options">The limits.</param>
    public static Gallery Read(
        ThumbnailReader reader,
        IReadOnlyList<DataViewRowId> ids,
        IReadOnlyList<int> worst,
        IEnumerable<int> more,
        HtmlReportOptions options
    )
    {
        int[] wanted = reader.ImageColumn is null ? [] : [.. worst.Concat(more).Distinct()];
        int[] taken = [.. wanted.Take(options.MaxImages)];
        var thumbnails = new Dictionary<int, Thumbnail>(reader.Read(ids, [.. taken.Union(worst)], taken.ToHashSet()));

        long characters = 0;
        int shown = 0;
        List<InvalidImageContent> invalid = [];
        foreach (int row in taken)
        {
            Thumbnail thumbnail = thumbnails[row];
            if (thumbnail.Problem is { } problem)
                invalid.Add(new InvalidImageContent(row, thumbnail.Path, problem));
            if (thumbnail.Source is not { } source)
                continue;
            if (characters + source.Length > options.MaxImageCharacters)
            {
                thumbnails[row] = new Thumbnail(thumbnail.Path);
                continue;
            }
            characters += source.Length;
            shown++;
        }
        return new Gallery(thumbnails, new ImagesContent(shown, wanted.Length - shown - invalid.Count, invalid));
    }
}
