namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Truth values.</summary>
internal sealed class BooleanBuffer : NumberBuffer<bool>
{
    private protected override bool Sample(double value) => value > 0;

    private protected override double ToNumber(bool item) => item ? 1 : 0;
}
