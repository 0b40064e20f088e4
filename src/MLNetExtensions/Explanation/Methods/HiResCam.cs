using MLNetExtensions.Explanation.Activations;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// HiResCAM (arXiv 2011.08891): each place of a layer weighted by its own gradient; it shows only places that the class's score follows from.
/// </summary>
public sealed record HiResCam : ExplanationMethod
{
    /// <summary>The name of the layer: a value of the ONNX graph of shape [batch, channels, height, width].</summary>
    /// <value>The default is null: the last such value, which is what the pooling before the classifier reads.</value>
    public string? Layer { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new ActivationAttribution(setting, Layer, ActivationMaps.HiResCam);
}
