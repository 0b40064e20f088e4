using MLNetExtensions.Imaging;

namespace MLNetExtensions.Compression.Float16;

/// <summary>Settings of the conversion to 16-bit floats. They are copied at the call. An evaluation set is only for the report.</summary>
public sealed class Float16Options : CompressionOptions
{
    /// <summary>The parts of the model that become 16-bit floats.</summary>
    /// <value>The default is <see cref="Float16Mode.Weights"/>.</value>
    public Float16Mode Mode { get; set; }

    /// <summary>
    /// For <see cref="Float16Mode.Graph"/>: operators whose arithmetic stays in 32 bits, in addition to those that need it.
    /// </summary>
    /// <value>The default is Softmax, LogSoftmax and sums over many values, which lose most.</value>
    public IReadOnlyCollection<string> FloatOperators { get; set; } =
    ["LogSoftmax", "ReduceL2", "ReduceMean", "ReduceSum", "ReduceSumSquare", "Softmax"];

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Check(Enum.IsDefined(Mode), nameof(Mode), Mode, "a mode");
        problems.Check(FloatOperators is not null, nameof(FloatOperators), FloatOperators, "a list");
    }

    internal override CompressionOptions Clone()
    {
        var clone = (Float16Options)base.Clone();
        clone.FloatOperators = FloatOperators is null ? null! : [.. FloatOperators];
        return clone;
    }
}
