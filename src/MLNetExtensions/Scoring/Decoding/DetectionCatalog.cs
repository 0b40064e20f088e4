using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Scoring.Decoding;
using SkiaSharp;

namespace Microsoft.ML;

/// <summary>Draws detections on images.</summary>
public static class DetectionCatalog
{
    /// <summary>Draws boxes with their labels and scores on an image.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="imagePath">The image's file.</param>
    /// <param name="boxes">Left, top, right, bottom of each object in pixels, in the format of detections.</param>
    /// <param name="labels">A text for each object.</param>
    /// <param name="scores">A score for each object; null for no scores.</param>
    /// <param name="outputPath">The PNG file to write.</param>
    /// <exception cref="ArgumentException">The numbers of boxes, labels and scores differ.</exception>
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    public static void DrawDetections(
        this VisionOperationsCatalog catalog,
        string imagePath,
        IReadOnlyList<float> boxes,
        IReadOnlyList<string> labels,
        IReadOnlyList<float>? scores,
        string outputPath
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(labels);
        if (boxes.Count != 4 * labels.Count || (scores is not null && scores.Count != labels.Count))
            throw new ArgumentException(
                $"There are {boxes.Count} numbers of boxes, {labels.Count} labels and {scores?.Count ?? labels.Count} scores; each "
                    + $"object has 4 numbers, a label and a score.",
                nameof(boxes)
            );
        using SKBitmap image = DrawnImage.Open(imagePath);
        using var canvas = new SKCanvas(image);
        BoxDrawing.Draw(
            canvas,
            labels.Select(
                (label, i) =>
                    (
                        new ImageBox(boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]),
                        BoxDrawing.ColorOf(label),
                        scores is null ? label : $"{label} {scores[i]:0.00}"
                    )
            ),
            Math.Max(2, Math.Min(image.Width, image.Height) / 150f)
        );
        DrawnImage.Save(image, outputPath);
    }
}
