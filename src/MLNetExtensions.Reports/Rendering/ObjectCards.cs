using System.Globalization;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>The images that are listed with their boxes.</summary>
internal static class ObjectCards
{
    // Of the drawing's longer side: some 10 pixels on the page.
    private const double TextShare = 0.042;

    public static IReadOnlyList<ObjectCard> Of(IReadOnlyList<ObjectImageContent> images, Gallery gallery) =>
        [.. images.Select(image => Card(image, gallery.Of(image.Row)))];

    private static ObjectCard Card(ObjectImageContent image, Thumbnail? thumbnail)
    {
        int width = thumbnail?.FullWidth ?? 0,
            height = thumbnail?.FullHeight ?? 0;
        double text = TextShare * Math.Max(width, height);
        return new ObjectCard(
            RowCards.Card(image.Row, thumbnail, "", "", Detail(image)),
            width,
            height,
            Text(text),
            [.. image.Boxes.Select(box => Drawn(box, text))]
        );
    }

    private static string Detail(ObjectImageContent image)
    {
        string[] parts =
        [
            .. image
                .Boxes.Where(box => box.Kind is "missed" or "wrong")
                .GroupBy(box => box.Kind)
                .OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind =>
                    $"{kind.Key}: {string.Join(", ", kind.GroupBy(box => box.Label).OrderByDescending(g => g.Count()).Select(Counted))}"
                ),
        ];
        return string.Join("; ", parts);

        static string Counted(IGrouping<string, BoxContent> boxes) => $"{boxes.Count().ToString(CultureInfo.InvariantCulture)} {boxes.Key}";
    }

    private static DrawnBox Drawn(BoxContent box, double text)
    {
        // Objects that are found need no words: the box that is right says its class.
        string caption = box.Kind switch
        {
            "found" => "",
            "missed" => box.Label,
            _ => $"{box.Label} {box.Score!.Value.ToString("0.00", CultureInfo.InvariantCulture)}",
        };
        return new DrawnBox(
            box.Kind,
            Text(box.Left),
            Text(box.Top),
            Text(box.Right - box.Left),
            Text(box.Bottom - box.Top),
            caption,
            // Above the box where there is room, else inside.
            Text(box.Top > text ? box.Top - (0.25 * text) : box.Top + text),
            box.Kind switch
            {
                "found" => $"object: {box.Label}, found",
                "missed" => $"object: {box.Label}, missed",
                "right" => $"box: {caption}, right",
                _ => $"box: {caption}, wrong",
            }
        );
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
