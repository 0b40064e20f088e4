using System.Globalization;
using System.Text;

namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>
/// The metrics of a semantic segmentation over a whole set of images: its pixels are counted together, with scikit-learn's definitions.
/// <see cref="ToString()"/> prints them.
/// </summary>
public sealed class SegmentationReport
{
    internal SegmentationReport(SegmentationConfusion counted, IReadOnlyList<string> classes)
    {
        Count = counted.Images;
        IgnoredPixels = counted.Ignored;
        PixelAccuracy = counted.PixelAccuracy;
        MeanAccuracy = counted.MeanAccuracy;
        MeanIoU = counted.MeanIoU;
        MeanDice = counted.MeanDice;
        FrequencyWeightedIoU = counted.FrequencyWeightedIoU;
        MeanBoundaryF1 = counted.MeanBoundaryF1;
        Confusion = new ClassConfusionMatrix(
            [.. classes],
            [.. Enumerable.Range(0, classes.Count).SelectMany(t => Enumerable.Range(0, classes.Count).Select(p => counted.Count(t, p)))]
        );
        Classes =
        [
            .. classes.Select(
                (name, label) =>
                    new SegmentationClassMetrics(
                        name,
                        counted.IoU(label),
                        counted.Dice(label),
                        counted.Accuracy(label),
                        counted.Precision(label),
                        counted.BoundaryF1(label),
                        counted.True(label),
                        counted.Predicted(label)
                    )
            ),
        ];
    }

    /// <summary>The number of images.</summary>
    public long Count { get; }

    /// <summary>The number of pixels that count.</summary>
    public long Pixels => Confusion.Count;

    /// <summary>The number of pixels that do not count.</summary>
    public long IgnoredPixels { get; }

    /// <summary>The fraction of pixels whose class is right.</summary>
    public double PixelAccuracy { get; }

    /// <summary>The mean, over classes with true pixels, of the fraction of them that is right.</summary>
    public double MeanAccuracy { get; }

    /// <summary>The mean IoU (mIoU) over the classes that are true or predicted somewhere.</summary>
    public double MeanIoU { get; }

    /// <summary>The mean Dice (F1) over the classes that are true or predicted somewhere.</summary>
    public double MeanDice { get; }

    /// <summary>The mean IoU, each class weighted by its true pixels.</summary>
    public double FrequencyWeightedIoU { get; }

    /// <summary>The mean boundary F1 over classes; NaN if outlines were left out or there are none.</summary>
    public double MeanBoundaryF1 { get; }

    /// <summary>The metrics of each class, by index.</summary>
    public IReadOnlyList<SegmentationClassMetrics> Classes { get; }

    /// <summary>The confusion matrix: the number of pixels of each class predicted as each class.</summary>
    public ClassConfusionMatrix Confusion { get; }

    /// <summary>Formats the report: a line for each class, and the figures over all.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int width = Math.Max("class".Length, Classes.Max(c => c.Name.Length));
        text.Append(
            CultureInfo.InvariantCulture,
            $"{"class".PadLeft(width)}  {"IoU", 9} {"Dice", 9} {"accuracy", 9} {"precision", 9} {"boundary", 9} {"pixels", 12}\n\n"
        );
        foreach (SegmentationClassMetrics c in Classes)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{c.Name.PadLeft(width)}  {c.IoU, 9:F3} {c.Dice, 9:F3} {c.Accuracy, 9:F3} {c.Precision, 9:F3} {c.BoundaryF1, 9:F3} "
                    + $"{c.Support, 12}\n"
            );
        text.Append('\n');
        foreach (
            (string name, double value) in new[]
            {
                ("Mean IoU", MeanIoU),
                ("Mean Dice", MeanDice),
                ("Pixel accuracy", PixelAccuracy),
                ("Mean accuracy", MeanAccuracy),
                ("IoU weighted by frequency", FrequencyWeightedIoU),
                ("Mean boundary F1", MeanBoundaryF1),
            }
        )
            text.Append(CultureInfo.InvariantCulture, $"{name + ":", -36} {value:F3}\n");
        text.Append(CultureInfo.InvariantCulture, $"{"Images:", -36} {Count}\n{"Pixels that do not count:", -36} {IgnoredPixels}\n");
        return text.ToString();
    }
}
