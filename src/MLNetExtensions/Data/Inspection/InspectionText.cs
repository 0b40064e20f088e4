using System.Globalization;
using System.Text;

namespace MLNetExtensions.Data.Inspection;

/// <summary>An inspection as text.</summary>
internal static class InspectionText
{
    // Longer lists hide the rest; the object has all of them.
    private const int MostShown = 10;

    public static string Of(DataInspection inspection)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{inspection.Count} images");
        if (inspection.Classes.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $" of {inspection.Classes.Count} classes");
        text.Append(inspection.Parts.Count > 1 ? $" in {string.Join(", ", inspection.Parts)}\n\n" : "\n\n");
        Classes(text, inspection);
        SizeRange width = inspection.Width,
            height = inspection.Height;
        text.Append(
            CultureInfo.InvariantCulture,
            $"Size:     {width.Smallest} x {height.Smallest} to {width.Largest} x {height.Largest}, median {width.Median} x "
                + $"{height.Median}\n"
        );
        if (inspection.Formats.Count > 0)
            text.Append("Formats:  ").AppendJoin(", ", inspection.Formats.Select(format => $"{format.Key} {format.Value}")).Append('\n');
        text.Append("Modes:    ").AppendJoin(", ", inspection.Modes.Select(mode => $"{mode.Key} {mode.Value}")).Append('\n');
        if (inspection.Turned > 0)
            text.Append(CultureInfo.InvariantCulture, $"Turned by EXIF: {inspection.Turned}\n");
        text.Append("Mean:     ").AppendJoin(", ", inspection.Mean.Select(Three)).Append(" (R, G, B; 0 to 1)\n");
        text.Append("Std:      ").AppendJoin(", ", inspection.StandardDeviation.Select(Three)).Append('\n');
        List(text, "Invalid images", inspection.UnreadableImages, bad => $"{bad.Image}: {bad.Reason}");
        List(text, "Of a single color", inspection.Uniform, image => image.ToString());
        List(text, "Of another format than their extension says", inspection.WrongExtensions, image => image.ToString());
        List(text, "JPEG without the marker of its end", inspection.Unended, image => image.ToString());
        List(
            text,
            "Duplicates",
            inspection.Duplicates,
            group =>
                $"{(group.IsExact ? "equal" : "alike")}{(group.CrossesParts ? ", in several parts" : "")}{(group.HasDifferentLabels ? ", with different labels" : "")}: "
                + string.Join("; ", group.Images.Take(MostShown).Select(image => Describe(image, group)))
                + (group.Images.Count > MostShown ? "; ..." : "")
        );
        if (inspection.Boxes is { } boxes)
            Boxes(text, inspection, boxes);
        if (inspection.Masks is { } masks)
            Masks(text, masks);
        List(text, "Warnings", inspection.Warnings, warning => warning, most: int.MaxValue);
        return text.ToString();
    }

    private static void Classes(StringBuilder text, DataInspection inspection)
    {
        if (inspection.Classes.Count == 0)
            return;
        int width = Math.Max("class".Length, inspection.Classes.Max(c => c.Label.Length));
        int[] widths = [.. inspection.Parts.Select(part => Math.Max(9, part.Length))];
        bool hasParts = inspection.Parts.Count > 1;
        text.Append("class".PadRight(width));
        for (int part = 0; hasParts && part < widths.Length; part++)
            text.Append(' ').Append(inspection.Parts[part].PadLeft(widths[part]));
        text.Append("    images     share\n");
        foreach (ClassCount c in inspection.Classes)
        {
            text.Append(c.Label.PadRight(width));
            for (int part = 0; hasParts && part < widths.Length; part++)
                text.Append(' ').Append(c.CountOfPart[part].ToString(CultureInfo.InvariantCulture).PadLeft(widths[part]));
            text.Append(CultureInfo.InvariantCulture, $" {c.Count, 9} {100.0 * c.Count / inspection.Count, 7:F1} %\n");
        }
        text.Append('\n');
    }

    private static void Boxes(StringBuilder text, DataInspection inspection, BoxInspection boxes)
    {
        int width = Math.Max("class".Length, boxes.Classes.Select(c => c.Label.Length).DefaultIfEmpty().Max());
        int[] widths = [.. inspection.Parts.Select(part => Math.Max(9, part.Length))];
        bool hasParts = inspection.Parts.Count > 1;
        text.Append('\n').Append("class".PadRight(width));
        for (int part = 0; hasParts && part < widths.Length; part++)
            text.Append(' ').Append(inspection.Parts[part].PadLeft(widths[part]));
        text.Append("     boxes    images\n");
        foreach (BoxClassCount c in boxes.Classes)
        {
            text.Append(c.Label.PadRight(width));
            for (int part = 0; hasParts && part < widths.Length; part++)
                text.Append(' ').Append(c.CountOfPart[part].ToString(CultureInfo.InvariantCulture).PadLeft(widths[part]));
            text.Append(CultureInfo.InvariantCulture, $" {c.Count, 9} {c.Images, 9}\n");
        }
        SizeRange counts = boxes.BoxesOfImage;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nBoxes:    {boxes.Count}, {counts.Smallest} to {counts.Largest} an image, median {counts.Median}"
        );
        text.Append(boxes.Crowds > 0 ? FormattableString.Invariant($"; around many objects: {boxes.Crowds}\n") : "\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Sizes:    small {boxes.Small}, medium {boxes.Medium}, large {boxes.Large} (COCO: up to 32 x 32, up to 96 x 96, more)\n"
        );
        List(text, "Images without boxes", boxes.EmptyImages, image => image.ToString());
        List(text, "Boxes that cannot be right", boxes.Invalid, box => box.ToString());
        List(text, "Boxes that are there twice", boxes.Duplicates, box => box.ToString());
    }

    private static void Masks(StringBuilder text, MaskInspection masks)
    {
        int width = Math.Max("class".Length, masks.Classes.Max(c => c.Label.Length));
        text.Append('\n').Append("class".PadRight(width)).Append("    pixels    images\n");
        foreach (MaskClassShare c in masks.Classes)
            text.Append(c.Label.PadRight(width)).Append(CultureInfo.InvariantCulture, $" {100 * c.Fraction, 7:F2} % {c.Images, 9}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nMasks:    {masks.Count}; pixels that do not count: {100 * masks.IgnoredFraction:F2} %\n"
        );
        List(text, "Masks that cannot be used", masks.Invalid, bad => $"{bad.Image}: {bad.Reason}");
        List(text, "Masks of one class", masks.Uniform, image => image.ToString());
    }

    private static void List<T>(StringBuilder text, string title, IReadOnlyList<T> items, Func<T, string> show, int most = MostShown)
    {
        if (items.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n{title}: {items.Count}\n");
        foreach (T item in items.Take(most))
            text.Append("  ").Append(show(item)).Append('\n');
        if (items.Count > most)
            text.Append("  ...\n");
    }

    private static string Describe(ImageReference image, DuplicateGroup group) =>
        image + (group.CrossesParts ? $" [{image.Part}]" : "") + (group.HasDifferentLabels ? $" ({image.Label})" : "");

    private static string Three(float value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
