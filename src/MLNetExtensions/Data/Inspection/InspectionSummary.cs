using SkiaSharp;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Sums up what was found out about single images.</summary>
internal static class InspectionSummary
{
    private const int FewImages = 10,
        StrongImbalance = 10;

    private static readonly Dictionary<string, SKEncodedImageFormat> FormatOfExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = SKEncodedImageFormat.Jpeg,
        [".jpeg"] = SKEncodedImageFormat.Jpeg,
        [".jpe"] = SKEncodedImageFormat.Jpeg,
        [".jfif"] = SKEncodedImageFormat.Jpeg,
        [".png"] = SKEncodedImageFormat.Png,
        [".gif"] = SKEncodedImageFormat.Gif,
        [".bmp"] = SKEncodedImageFormat.Bmp,
        [".webp"] = SKEncodedImageFormat.Webp,
    };

    public static DataInspection Of(
        IReadOnlyList<string> parts,
        IReadOnlyList<ImageFacts> all,
        IReadOnlyList<string> leftOut,
        InspectOptions options
    )
    {
        List<ImageFacts> good = [.. all.Where(image => image.BadReason is null)];
        double[] moments = new double[6];
        foreach (ImageFacts image in good)
            for (int i = 0; i < moments.Length; i++)
                moments[i] += image.Moments[i] / good.Count;
        var inspection = new DataInspection
        {
            Parts = parts,
            Count = all.Count,
            Classes = CountClasses(parts, all),
            UnreadableImages =
            [
                .. all.Where(image => image.BadReason is not null).Select(image => new UnreadableImage(image.Image, image.BadReason!)),
            ],
            Width = RangeOf(good.Select(image => image.Width)),
            Height = RangeOf(good.Select(image => image.Height)),
            Formats = CountBy(good.Where(image => image.Format is not null), image => image.Format!.Value.ToString()),
            Modes = CountBy(good, image => image.Mode),
            WrongExtensions = [.. good.Where(HasWrongExtension).Select(image => image.Image)],
            Turned = good.Count(image => image.IsTurned),
            Unended = [.. good.Where(image => image.IsUnended).Select(image => image.Image)],
            LeftOut = leftOut,
            Uniform = [.. good.Where(image => image.Look.Thumbnail is null).Select(image => image.Image)],
            Mean = [.. Enumerable.Range(0, 3).Select(c => (float)moments[c])],
            StandardDeviation =
            [
                .. Enumerable.Range(0, 3).Select(c => (float)Math.Sqrt(Math.Max(0, moments[3 + c] - (moments[c] * moments[c])))),
            ],
            Duplicates = options.FindDuplicates ? DuplicateSearch.Find(good, options.Threads, options.Cancellation) : [],
            Boxes = BoxSummary.Of(parts, all),
            Masks = MaskSummary.Of(all),
            Warnings = [],
        };
        return inspection with
        {
            Warnings =
            [
                .. WarningsOf(inspection),
                .. inspection.Boxes is { } boxes ? BoxSummary.Warnings(boxes, parts) : [],
                .. inspection.Masks is { } masks ? MaskSummary.Warnings(masks) : [],
            ],
        };
    }

    private static bool HasWrongExtension(ImageFacts image) =>
        image.Image.Path is { } path
        && image.Format is { } format
        && FormatOfExtension.TryGetValue(Path.GetExtension(path), out SKEncodedImageFormat expected)
        && expected != format;

    private static List<ClassCount> CountClasses(IReadOnlyList<string> parts, IReadOnlyList<ImageFacts> all) =>
        [
            .. all.Where(image => image.Image.Label is not null)
                .GroupBy(image => image.Image.Label!)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new ClassCount(
                    group.Key,
                    group.Count(),
                    [.. parts.Select(part => group.Count(image => image.Image.Part == part))]
                )),
        ];

    private static SizeRange RangeOf(IEnumerable<int> sizes)
    {
        int[] sorted = [.. sizes.Order()];
        return sorted.Length == 0 ? default : new SizeRange(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }

    private static Dictionary<string, int> CountBy(IEnumerable<ImageFacts> images, Func<ImageFacts, string> keyOf) =>
        images.GroupBy(keyOf).OrderByDescending(group => group.Count()).ToDictionary(group => group.Key, group => group.Count());

    private static IEnumerable<string> WarningsOf(DataInspection inspection)
    {
        foreach (string line in inspection.LeftOut)
            yield return line;
        if (inspection.UnreadableImages.Count > 0)
            yield return $"{inspection.UnreadableImages.Count} images cannot be read: repair them, take them out, or allow them with "
                + $"MaxInvalidImages.";
        if (inspection.Unended.Count > 0)
            yield return $"{inspection.Unended.Count} JPEG files lack the marker of their end, as if their copying had been cut short; "
                + $"all of their pixels are there.";
        int crossing = inspection.DuplicatesAcrossParts.Count();
        if (crossing > 0)
            yield return $"{crossing} images stand in several parts: figures of the test set would be too good. Split by a group column "
                + $"that keeps them together.";
        int conflicts = inspection.LabelConflicts.Count();
        if (conflicts > 0)
            yield return $"{conflicts} images stand there under different labels: at least one of each is wrong.";
        if (inspection.Uniform.Count > 0)
            yield return $"{inspection.Uniform.Count} images are of a single color.";
        if (inspection.WrongExtensions.Count > 0)
            yield return $"{inspection.WrongExtensions.Count} files are of another format than their extension says.";

        IReadOnlyList<ClassCount> classes = inspection.Classes;
        if (classes.Count == 0)
            yield break;
        if (classes.FirstOrDefault(c => c.Label.Length == 0) is { } unlabeled)
            yield return $"{unlabeled.Count} rows have no label.";
        if (classes.Count == 1)
            yield return $"There is one class only, '{classes[0].Label}'.";
        List<ClassCount> small = [.. classes.Where(c => c.Label.Length > 0 && c.Count < FewImages)];
        if (small.Count > 0)
            yield return $"{small.Count} classes have fewer than {FewImages} images: {Names(small.Select(c => $"{c.Label} {c.Count}"))}.";
        int most = classes.Max(c => c.Count),
            least = classes.Min(c => c.Count);
        if (most > StrongImbalance * least)
            yield return $"The largest class has {most / least} times the images of the smallest: weigh the classes, or look at "
                + $"balanced accuracy and macro F1.";
        foreach (
            IGrouping<string, ClassCount> alike in classes.GroupBy(c => c.Label.Trim().ToUpperInvariant()).Where(group => group.Count() > 1)
        )
            yield return $"Labels that differ in case or spaces only: {Names(alike.Select(c => $"'{c.Label}'"))}.";
        for (int part = 0; part < inspection.Parts.Count; part++)
        {
            List<ClassCount> missing = [.. classes.Where(c => c.CountOfPart[part] == 0)];
            if (missing.Count > 0)
                yield return $"'{inspection.Parts[part]}' has no images of {missing.Count} classes: {Names(missing.Select(c => c.Label))}.";
        }
    }

    private static string Names(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        return string.Join(", ", all.Take(8)) + (all.Count > 8 ? ", ..." : "");
    }
}
