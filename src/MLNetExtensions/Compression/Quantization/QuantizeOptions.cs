using Microsoft.ML;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Settings of static quantization to 8 bits. They are copied at the call.</summary>
public sealed class QuantizeOptions : CompressionOptions
{
    /// <summary>
    /// Some hundred rows like those that the model will score, of all classes. The ranges of the values inside the model are taken from
    /// them. Rows that the model was trained on may be used. Required.
    /// </summary>
    public IDataView? CalibrationSet { get; set; }

    /// <summary>The method that chooses the ranges.</summary>
    /// <value>The default is <see cref="MeanSquaredErrorCalibration"/>.</value>
    public CalibrationMethod Calibration { get; set; } = new MeanSquaredErrorCalibration();

    /// <summary>The 8-bit type of the activations.</summary>
    /// <value>The default is <see cref="QuantizedType.UInt8"/>.</value>
    public QuantizedType ActivationType { get; set; } = QuantizedType.UInt8;

    /// <summary>
    /// True to give each output channel of a layer's weights its own scale. A single scale loses much accuracy where channels differ
    /// (MobileNet).
    /// </summary>
    /// <value>The default is true.</value>
    public bool PerChannel { get; set; } = true;

    /// <summary>
    /// The 8-bit type of the weights: <see cref="QuantizedType.SymmetricInt8"/>, or <see cref="QuantizedType.UInt8"/> with 128 for 0.
    /// </summary>
    /// <remarks>
    /// With unsigned weights ONNX Runtime adds products in 32 bits on every processor, so weights use all 8 bits and are right anywhere.
    /// But it is slower, several times on processors with VNNI.</remarks>
    /// <value>The default is <see cref="QuantizedType.SymmetricInt8"/>.</value>
    public QuantizedType WeightType { get; set; } = QuantizedType.SymmetricInt8;

    /// <summary>
    /// True to limit signed weights to about 7 bits, so that the sum of two products fits in 16 bits. x64 processors with AVX2 but without
    /// VNNI add pairs of products in 16 bits, and with 8-bit weights they overflow silently. The limit costs next to no accuracy and no
    /// time; turn it off only for models that run on VNNI or ARM64.
    /// </summary>
    /// <value>The default is true: the model is right on every processor.</value>
    public bool ReduceRange { get; set; } = true;

    /// <summary>
    /// True to correct the biases for the mean error of each channel that rounding the weights causes (arXiv 1906.04721, with means of the
    /// calibration rows).
    /// </summary>
    /// <value>The default is true.</value>
    public bool CorrectBias { get; set; } = true;

    /// <summary>
    /// The largest accuracy loss to accept; 0.005 is half a point. If more is lost, the layers that the outputs depend on most are left in
    /// float, as few as possible. Needs <see cref="CompressionOptions.EvaluationSet"/> or <see cref="CompressionOptions.Measure"/>.
    /// </summary>
    /// <value>The default is null: all layers are quantized, whatever the loss.</value>
    public double? MaxAccuracyLoss { get; set; }

    /// <summary>
    /// Fine-tunes the weights with rounding. If that does not bring the outputs nearer to those of the float model, the model is not
    /// changed, and the report says so.
    /// </summary>
    /// <value>The default is null: weights are rounded without fine-tuning.</value>
    public QuantizationFineTuning? FineTuning { get; set; }

    /// <summary>The layers to leave in float, by the name of their node or of its output.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyCollection<string> NodesToExclude { get; set; } = [];

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Require(
            CalibrationSet is not null,
            nameof(CalibrationSet),
            "Give some hundred rows like those that the model will score."
        );
        problems.Check(Calibration is not null, nameof(Calibration), Calibration, "a calibration");
        problems.Check(
            Calibration is not PercentileCalibration { Percentile: not (> 50 and <= 100) },
            nameof(Calibration),
            Calibration,
            "of a percentile above 50 and at most 100"
        );
        problems.Check(Enum.IsDefined(ActivationType), nameof(ActivationType), ActivationType, "a type");
        problems.Check(
            WeightType is QuantizedType.SymmetricInt8 or QuantizedType.UInt8,
            nameof(WeightType),
            WeightType,
            "SymmetricInt8 or UInt8"
        );
        problems.Check(MaxAccuracyLoss is null or >= 0, nameof(MaxAccuracyLoss), MaxAccuracyLoss, "at least 0");
        problems.Check(
            MaxAccuracyLoss is null || EvaluationSet is not null || Measure is not null,
            nameof(MaxAccuracyLoss),
            MaxAccuracyLoss,
            "null without EvaluationSet and Measure"
        );
        FineTuning?.Check(problems);
        problems.Check(NodesToExclude is not null, nameof(NodesToExclude), NodesToExclude, "a list");
    }

    internal override CompressionOptions Clone()
    {
        var clone = (QuantizeOptions)base.Clone();
        clone.FineTuning = FineTuning?.Clone();
        clone.NodesToExclude = NodesToExclude is null ? null! : [.. NodesToExclude];
        return clone;
    }
}
