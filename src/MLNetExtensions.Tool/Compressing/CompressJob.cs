using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;

namespace MLNetExtensions.Tool.Compressing;

/// <summary>Makes models smaller.</summary>
internal static class CompressJob
{
    // More do not narrow the ranges.
    private const int CalibrationImages = 512;

    /// <summary>8-bit integers, with ranges of values from images, measured on those that the run held out.</summary>
    public static CompressedModel Quantize(
        string file,
        string? data,
        RunFolder? run,
        double? maxAccuracyLoss,
        int? threads,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext(1);
        IDataView train = LabeledImages.ToTrain(ml, data, run);
        IDataView? test = run is not null && File.Exists(run.TestList) ? LabeledImages.ToMeasure(ml, null, run) : null;
        return ml.Vision()
            .Quantize(
                ModelFiles.ReadNetwork(file),
                new QuantizeOptions
                {
                    CalibrationSet = ml.Data.TakeRows(ml.Data.ShuffleRows(train, seed: 1), CalibrationImages),
                    EvaluationSet = test is null ? null : Keyed(ml, train, test),
                    ImageColumnName = ImageFiles.ImageColumnOf(train),
                    MaxAccuracyLoss = maxAccuracyLoss,
                    Threads = threads,
                    CancellationToken = cancellation,
                }
            );
    }

    /// <summary>16-bit weights.</summary>
    public static CompressedModel ToFloat16(string file, CancellationToken cancellation) =>
        new MLContext().Vision().ToFloat16(ModelFiles.ReadNetwork(file), new Float16Options { CancellationToken = cancellation });

    /// <summary>Saves a compressed model, and says what it lost and gained.</summary>
    public static void Write(string file, CompressedModel compressed, string output, Terminal terminal)
    {
        compressed.Model.Save(output);
        terminal.Out.WriteLine($"{Path.GetFileName(file)}: {compressed.Report}");
    }

    /// <summary>Labels as keys in the order of the classes that were trained.</summary>
    public static IDataView Keyed(MLContext ml, IDataView train, IDataView images) =>
        ml
            .Transforms.Conversion.MapValueToKey(
                "Label",
                keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue
            )
            .Fit(train)
            .Transform(images);
}
