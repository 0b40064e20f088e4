namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The layout of a YOLO network's output.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Extra">The number of values of a box behind its classes.</param>
internal sealed record YoloShape(DetectionLayout Layout, int Classes, int Extra)
{
    /// <summary>The layouts that are known, for messages.</summary>
    public const string Known =
        "Known are [batch, 4 + classes, boxes] (v8, v9, v11, v12: ValuesFirst), the same transposed (BoxesFirstWithoutObjectness), "
        + "[batch, boxes, 5 + classes] with objectness "
        + "(v5, v7: BoxesFirst), and [batch, boxes, 6] of left, top, right, bottom, score, class (v10, YOLO26, exports with NMS: "
        + "EndToEnd), each with coefficients of masks or key points behind the "
        + "classes where the model says so.";

    // Where nobody says how many classes there are, and the shape does not either.
    private const int MaxClasses = 1 << 12;

    private const int SuppressedValues = 6;

    // One cell is as many pixels wide; v5 has three boxes in each, later ones have one.
    private static readonly int[][] Strides =
    [
        [8, 16, 32],
        [8, 16, 32, 64],
        [4, 8, 16, 32],
    ];

    /// <summary>Finds the layout of an output.</summary>
    /// <param name="rows">The size of its second dimension, behind the batch; -1 if it is open.</param>
    /// <param name="columns">The size of its third.</param>
    /// <param name="layout">The layout that the caller chose.</param>
    /// <param name="export">The facts that the model states.</param>
    /// <param name="image">The size of the network's images.</param>
    /// <returns>The layout; null if it is none that is known.</returns>
    public static YoloShape? Find(long rows, long columns, YoloLayout layout, YoloExport export, (int Width, int Height) image)
    {
        if (layout == YoloLayout.Auto)
        {
            if (export.Task is not (null or "detect" or "segment" or "pose") || Guess(rows, columns, export, image) is not { } guessed)
                return null;
            layout = guessed;
        }
        return Of(rows, columns, layout, export);
    }

    private static YoloShape? Of(long rows, long columns, YoloLayout layout, YoloExport export)
    {
        long classes = ClassesOf(rows, columns, layout, export.Extra);
        return layout switch
        {
            YoloLayout.EndToEnd => columns == SuppressedValues + export.Extra
                ? new YoloShape(DetectionLayout.EndToEnd, export.Classes ?? MaxClasses, export.Extra)
                : null,
            _ when classes <= 0 => null,
            YoloLayout.BoxesFirst => new YoloShape(DetectionLayout.YoloBoxesFirst, (int)classes, export.Extra),
            YoloLayout.ValuesFirst => new YoloShape(DetectionLayout.YoloValuesFirst, (int)classes, export.Extra),
            _ => new YoloShape(DetectionLayout.YoloValuesLast, (int)classes, export.Extra),
        };
    }

    private static long ClassesOf(long rows, long columns, YoloLayout layout, int extra) =>
        layout switch
        {
            YoloLayout.BoxesFirst => columns - 5 - extra,
            YoloLayout.ValuesFirst => rows - 4 - extra,
            _ => columns - 4 - extra,
        };

    private static YoloLayout? Guess(long rows, long columns, YoloExport export, (int Width, int Height) image)
    {
        bool isChosen = columns == SuppressedValues + export.Extra;
        if (isChosen && export.IsEndToEnd)
            return YoloLayout.EndToEnd;
        long[] cells = [.. Strides.Select(strides => strides.Sum(s => ((long)image.Width / s) * (image.Height / s)))];
        YoloLayout? byBoxes =
            cells.Contains(columns) ? YoloLayout.ValuesFirst
            : cells.Any(count => 3 * count == rows) ? YoloLayout.BoxesFirst
            : cells.Contains(rows) ? YoloLayout.BoxesFirstWithoutObjectness
            : null;
        if (export.Classes is int known)
        {
            YoloLayout[] byClasses =
            [
                .. new[] { YoloLayout.BoxesFirst, YoloLayout.ValuesFirst, YoloLayout.BoxesFirstWithoutObjectness }.Where(l =>
                    ClassesOf(rows, columns, l, export.Extra) == known
                ),
            ];
            if (byClasses is [var only])
                return only;
            if (byClasses.Length > 1)
                return byBoxes is { } told && byClasses.Contains(told) ? told : null;
        }
        if (isChosen && byBoxes is null)
            return YoloLayout.EndToEnd;
        // 85 values of as many boxes as there are cells: COCO's 80 classes with objectness, or 81 without.
        if (byBoxes == YoloLayout.BoxesFirstWithoutObjectness && export.Classes is null && columns == 85)
            return null;
        return byBoxes ?? (columns < 0 || (rows >= 0 && rows <= columns) ? YoloLayout.ValuesFirst : YoloLayout.BoxesFirst);
    }
}
