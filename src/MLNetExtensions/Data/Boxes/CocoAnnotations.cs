using System.Text.Json;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Reads annotations of objects in COCO's JSON format.</summary>
internal static class CocoAnnotations
{
    // JPEG files can have no more.
    private const int LongestSide = 65_535;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="folder">The folder that the images' names start from.</param>
    /// <param name="options">The classes.</param>
    /// <param name="check">Looks at the boxes.</param>
    /// <exception cref="InvalidDataException">The file is not such JSON; the message names the place.</exception>
    public static LabeledImages Read(string path, string folder, LoadCocoOptions options, BoxCheck check)
    {
        CocoFile file = Parse(path, options.Masks);
        CheckEntries(path, "images", file.Images);
        CheckEntries(path, "annotations", file.Annotations);
        CheckEntries(path, "categories", file.Categories);
        IReadOnlyList<CocoImage> images = file.Images is { Count: > 0 } some
            ? some
            : throw Wrong(path, "it has no images. Expected COCO's annotations: an object with images, annotations and categories");
        // COCO's own ids have gaps: the classes come in the order of their ids.
        CocoCategory[] categories =
        [
            .. (file.Categories ?? []).OrderBy(category => category.Id ?? throw Wrong(path, $"category '{category.Name}' has no id")),
        ];
        if (categories.Length == 0)
            throw Wrong(path, "it has no categories");
        string[] names =
        [
            .. categories.Select(c => string.IsNullOrWhiteSpace(c.Name) ? throw Wrong(path, $"category {c.Id} has no name") : c.Name),
        ];
        ClassIndex classes = options.AskedClasses() ?? new ClassIndex(names, $"'{path}'");
        if (options.Masks)
            CheckMaskClasses(path, classes);
        Dictionary<long, int> categoryOf = Index(categories, c => c.Id!.Value, path, "category");
        Dictionary<long, int> rows = Index(images, i => i.Id ?? throw Wrong(path, $"image '{i.FileName}' has no id"), path, "image");

        SegmentMask[]? masks = options.Masks ? [.. images.Select(image => MaskOf(image, path))] : null;
        List<ImageBox>[] boxes = [.. images.Select(_ => new List<ImageBox>())];
        foreach (CocoAnnotation annotation in file.Annotations ?? throw Wrong(path, "it has no annotations"))
        {
            string place = $"annotation {annotation.Id?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "without id"}";
            if (annotation.ImageId is not { } imageId || !rows.TryGetValue(imageId, out int row))
                throw Wrong(path, $"{place} names image {annotation.ImageId}, which is not among the images");
            if (annotation.CategoryId is not { } categoryId || !categoryOf.TryGetValue(categoryId, out int category))
                throw Wrong(path, $"{place} names category {annotation.CategoryId}, which is not among the categories");
            if (annotation.Bbox is not [double left, double top, double width, double height])
                throw Wrong(path, $"{place} has no box. Expected bbox with left, top, width, height in pixels");
            int label =
                classes.Of(names[category])
                ?? throw Wrong(path, $"{place} is of the class '{names[category]}', which is none of Classes ({classes})");
            CocoImage image = images[row];
            check.Add(
                boxes[row],
                new ImageBox((float)left, (float)top, (float)(left + width), (float)(top + height), label, annotation.Iscrowd != 0),
                new ImageSize((int)image.Width, (int)image.Height),
                () => $"{place} of '{image.FileName}'"
            );
            masks?[row].Add(
                checked((byte)(label + 1)),
                annotation.Segmentation ?? throw Wrong(path, $"{place} has no segmentation, which {nameof(options.Masks)} needs"),
                $"{place} of '{image.FileName}'"
            );
        }
        return new LabeledImages(
            [
                .. images.Select(
                    (image, row) =>
                        new LabeledImage(
                            string.IsNullOrWhiteSpace(image.FileName) || image.FileName.Contains('\0', StringComparison.Ordinal)
                                ? throw Wrong(path, $"image {image.Id} has no file_name")
                                : Path.GetFullPath(Path.Combine(folder, image.FileName)),
                            boxes[row]
                        )
                        {
                            Mask = masks?[row],
                        }
                ),
            ],
            classes.Names
        );
    }

    private static void CheckEntries<T>(string path, string list, IReadOnlyList<T?>? entries)
        where T : class
    {
        for (int i = 0; i < entries?.Count; i++)
            if (entries[i] is null)
                throw Wrong(path, $"entry {i} of its {list} is null. Expected an object");
    }

    private static void CheckMaskClasses(string path, ClassIndex classes)
    {
        if (classes.Names.Count >= MaskFormat.DefaultIgnoredIndex)
            throw Wrong(
                path,
                $"it has {classes.Names.Count} classes. Masks can hold {MaskFormat.DefaultIgnoredIndex - 1} and the background"
            );
        if (classes.Of(LabeledImages.Background) is not null)
            throw Wrong(path, $"it has a class '{LabeledImages.Background}', which masks have of their own. Rename it");
    }

    private static SegmentMask MaskOf(CocoImage image, string path) =>
        image is { Width: >= 1 and <= LongestSide, Height: >= 1 and <= LongestSide }
        && image.Width * image.Height <= PixelDecoder.DefaultMaxPixels
            ? new SegmentMask(path, (int)image.Width, (int)image.Height)
            : throw Wrong(
                path,
                $"image '{image.FileName}' has the size {image.Width:R} x {image.Height:R}. Expected width and height, which masks need"
            );

    private static CocoFile Parse(string path, bool masks)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, CocoJson.With(masks).CocoFile) ?? throw Wrong(path, "it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not COCO's JSON: {e.Message}", e);
        }
    }

    private static Dictionary<long, int> Index<T>(IReadOnlyList<T> items, Func<T, long> idOf, string path, string kind)
    {
        var index = new Dictionary<long, int>(items.Count);
        for (int i = 0; i < items.Count; i++)
            if (!index.TryAdd(idOf(items[i]), i))
                throw Wrong(path, $"two {kind} entries have the id {idOf(items[i])}");
        return index;
    }

    private static InvalidDataException Wrong(string path, string what) => new($"'{path}': {what}.");
}
