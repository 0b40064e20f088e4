using MLNetExtensions.Imaging;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Settings of dynamic quantization to 8 bits. They are copied at the call.</summary>
public sealed class DynamicQuantizeOptions : CompressionOptions
{
    /// <summary>True to give each output channel of a layer's weights its own scale.</summary>
    /// <value>The default is true.</value>
    public bool PerChannel { get; set; } = true;

    /// <summary>The 8-bit type of the weights, see <see cref="QuantizeOptions.WeightType"/>.</summary>
    /// <value>The default is <see cref="QuantizedType.SymmetricInt8"/>.</value>
    public QuantizedType WeightType { get; set; } = QuantizedType.SymmetricInt8;

    /// <summary>True to limit signed weights to about 7 bits, see <see cref="QuantizeOptions.ReduceRange"/>.</summary>
    /// <value>The default is true: the model is right on every processor.</value>
    public bool ReduceRange { get; set; } = true;

    /// <summary>The layers to leave in float, by the name of their node or of its output.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyCollection<string> NodesToExclude { get; set; } = [];

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Check(
            WeightType is QuantizedType.SymmetricInt8 or QuantizedType.UInt8,
            nameof(WeightType),
            WeightType,
            "SymmetricInt8 or UInt8"
        );
        problems.Check(NodesToExclude is not null, nameof(NodesToExclude), NodesToExclude, "a list");
    }

    internal override CompressionOptions Clone()
    {
        var clone = (DynamicQuantizeOptions)base.Clone();
        clone.NodesToExclude = NodesToExclude is null ? null! : [.. NodesToExclude];
        return clone;
    }
}
