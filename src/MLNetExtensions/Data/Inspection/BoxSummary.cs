using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Sums up the boxes of images.</summary>
internal static class BoxSummary
{
    private const int FewBoxes = 20,
        StrongImbalance = 100;

    private const float Same = 0.95f;

    /// <summary>The boxes of all images; null if the data have none.</summary>
    public static BoxInspection? Of(IReadOnlyList<string> parts, IReadOnlyList<ImageFacts> images)
    {
        List<ImageFacts> labeled = [.. images.Where(image => image.Boxes is not null)];
        if (labeled.Count == 0)
            return null;
        List<(ImageFacts Image, string Label, ImageBox Box)> all =
        [
            .. labeled.SelectMany(image => image.Boxes!.Select(box => (image, LabelOf(image, box), box))),
        ];
        ILookup<string, (ImageFacts Image, string Label, ImageBox Box)> byLabel = all.ToLookup(box => box.Label);
        int[] counts = [.. labeled.Select(image => image.Boxes!.Length).Order()];
        double[] areas = [.. all.Where(box => BoxCheck.ProblemOf(box.Box, default) is null).Select(box => (double)box.Box.Area)];
        return new BoxInspection
        {
            Count = all.Count,
            Classes =
            [
                .. labeled
                    .SelectMany(image => image.BoxClasses)
                    .Concat(byLabel.Select(group => group.Key))
                    .Distinct(StringComparer.Ordinal)
                    .Select(label => new BoxClassCount(
                        label,
                        byLabel[label].Count(),
                        byLabel[label].Select(box => box.Image).Distinct().Count(),
                        [.. parts.Select(part => byLabel[label].Count(box => box.Image.Image.Part == part))]
                    )),
            ],
            BoxesOfImage = new SizeRange(counts[0], counts[counts.Length / 2], counts[^1]),
            Small = areas.Count(area => area < AreaOf(32)),
            Medium = areas.Count(area => area >= AreaOf(32) && area <= AreaOf(96)),
            Large = areas.Count(area => area > AreaOf(96)),
            Crowds = all.Count(box => box.Box.IsCrowd),
            EmptyImages = [.. labeled.Where(image => image.Boxes!.Length == 0).Select(image => image.Image)],
            Invalid = [.. labeled.SelectMany(Invalid)],
            Duplicates = [.. labeled.SelectMany(Duplicates)],
        };
    }

    /// <summary>The findings to look at before training.</summary>
    public static IEnumerable<string> Warnings(BoxInspection boxes, IReadOnlyList<string> parts)
    {
        if (boxes.Invalid.Count > 0)
            yield return $"{boxes.Invalid.Count} boxes cannot be right: mend them, or load the data with InvalidBoxes set to Clip or Skip.";
        if (boxes.Duplicates.Count > 0)
            yield return $"{boxes.Duplicates.Count} boxes are there twice: each object needs one box.";
        if (boxes.Count == 0)
        {
            yield return "No image has a box.";
            yield break;
        }
        if (boxes.Classes.FirstOrDefault(c => c.Label.Length == 0) is { } unlabeled)
            yield return $"{unlabeled.Count} boxes have no label.";
        List<BoxClassCount> few = [.. boxes.Classes.Where(c => c.Label.Length > 0 && c.Count < FewBoxes)];
        if (few.Count > 0)
            yield return $"{few.Count} classes have fewer than {FewBoxes} boxes: {Names(few.Select(c => $"{c.Label} {c.Count}"))}.";
        int most = boxes.Classes.Max(c => c.Count),
            least = boxes.Classes.Where(c => c.Count > 0).Min(c => c.Count);
        if (most > StrongImbalance * least)
            yield return $"The largest class has {most / least} times the boxes of the smallest.";
        for (int part = 0; part < parts.Count && parts.Count > 1; part++)
        {
            List<BoxClassCount> missing = [.. boxes.Classes.Where(c => c.Count > 0 && c.CountOfPart[part] == 0)];
            if (missing.Count > 0)
                yield return $"'{parts[part]}' has no boxes of {missing.Count} classes: {Names(missing.Select(c => c.Label))}.";
        }
    }

    private static IEnumerable<BoxFinding> Invalid(ImageFacts image) =>
        image
            .Boxes!.Select((box, i) => (Index: i, Box: box, Problem: BoxCheck.ProblemOf(box, new ImageSize(image.Width, image.Height))))
            .Where(found => found.Problem is not null)
            .Select(found => new BoxFinding(image.Image, found.Index, LabelOf(image, found.Box), found.Problem!));

    private static IEnumerable<BoxFinding> Duplicates(ImageFacts image)
    {
        ImageBox[] boxes = image.Boxes!;
        for (int i = 1; i < boxes.Length; i++)
        for (int j = 0; j < i; j++)
        {
            if (!(boxes[i].IntersectionOverUnion(boxes[j]) >= Same))
                continue;
            string label = LabelOf(image, boxes[i]);
            yield return new BoxFinding(
                image.Image,
                i,
                label,
                boxes[i].Class == boxes[j].Class ? $"is box {j} again" : $"is box {j} again, a {LabelOf(image, boxes[j])} there"
            );
            break;
        }
    }

    private static double AreaOf(double side) => side * side;

    private static string LabelOf(ImageFacts image, ImageBox box) => box.Class < 0 ? "" : image.BoxClasses[box.Class];

    private static string Names(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        return string.Join(", ", all.Take(8)) + (all.Count > 8 ? ", ..." : "");
    }
}
