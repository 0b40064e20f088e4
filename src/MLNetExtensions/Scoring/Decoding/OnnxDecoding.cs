using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// The meaning of a model's outputs: <see cref="ClassificationDecoding"/>, <see cref="FeatureDecoding"/>, <see cref="YoloDecoding"/> or
/// <see cref="SsdDecoding"/>.
/// </summary>
public abstract record OnnxDecoding
{
    private protected OnnxDecoding() { }

    /// <summary>The outputs that the caller named; null for those that are to be found.</summary>
    internal abstract IReadOnlyList<string?> OutputNames { get; }

    /// <summary>Looks for the outputs and labels in a model.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit the model.</exception>
    internal abstract OutputDecoder Open(OnnxSession session);
}
