namespace MLNetExtensions.Data.Inspection;

/// <summary>Sums up the masks of images.</summary>
internal static class MaskSummary
{
    private const double MuchIgnored = 0.5;

    /// <summary>The masks of all images; null if the data have none.</summary>
    public static MaskInspection? Of(IReadOnlyList<ImageFacts> images)
    {
        List<ImageFacts> masked = [.. images.Where(image => image.MaskClasses is not null)];
        if (masked.Count == 0)
            return null;
        List<ImageFacts> good = [.. masked.Where(image => image.MaskPixels is not null)];
        // Parts may count the classes in another order, or have more of them.
        string[] names = [.. masked.SelectMany(image => image.MaskClasses!.Names).Distinct(StringComparer.Ordinal)];
        var pixels = names.ToDictionary(name => name, _ => 0L, StringComparer.Ordinal);
        var imagesOf = names.ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        long ignored = 0;
        foreach (ImageFacts image in good)
            for (int index = 0; index < image.MaskPixels!.Length; index++)
                if (index == image.MaskClasses!.Format.IgnoredIndex)
                    ignored += image.MaskPixels[index];
                else if (image.MaskPixels[index] > 0)
                {
                    pixels[image.MaskClasses.Names[index]] += image.MaskPixels[index];
                    imagesOf[image.MaskClasses.Names[index]]++;
                }
        long counted = pixels.Values.Sum();
        return new MaskInspection
        {
            Count = good.Count,
            Classes = [.. names.Select(name => new MaskClassShare(name, Part(pixels[name], counted), imagesOf[name]))],
            IgnoredFraction = Part(ignored, ignored + counted),
            Uniform = [.. good.Where(image => ClassesIn(image) <= 1).Select(image => image.Image)],
            Invalid = [.. masked.Where(image => image.MaskProblem is not null).Select(i => new UnreadableImage(i.Image, i.MaskProblem!))],
        };
    }

    /// <summary>The findings to look at before training.</summary>
    public static IEnumerable<string> Warnings(MaskInspection masks)
    {
        if (masks.Invalid.Count > 0)
            yield return $"{masks.Invalid.Count} masks cannot be used: mend them, or take their images out.";
        if (masks.Count == 0)
            yield break;
        string[] missing = [.. masks.Classes.Where(c => c.Images == 0).Select(c => c.Label)];
        if (missing.Length > 0)
            yield return $"{missing.Length} classes have no pixels: {string.Join(", ", missing.Take(8))}{(missing.Length > 8 ? ", ..." : "")}.";
        if (masks.IgnoredFraction > MuchIgnored)
            yield return "More than half of the pixels do not count: is the ignored index the right one?";
    }

    private static int ClassesIn(ImageFacts image) =>
        image.MaskPixels!.Where((count, index) => count > 0 && index != image.MaskClasses!.Format.IgnoredIndex).Count();

    private static double Part(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
