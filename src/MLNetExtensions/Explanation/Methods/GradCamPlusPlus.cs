using MLNetExtensions.Explanation.Activations;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// Grad-CAM++ (arXiv 1710.11063): channels weighted by their positive gradients, which finds several objects of a class better than Grad-CAM.
/// </summary>
public sealed record GradCamPlusPlus : ExplanationMethod
{
    /// <summary>The name of the layer: a value of the ONNX graph of shape [batch, channels, height, width].</summary>
    /// <value>The default is null: the last such value, which is what the pooling before the classifier reads.</value>
    public string? Layer { get; init; }

    internal override IAttribution Open(AttributionSetting setting) =>
        new ActivationAttribution(setting, Layer, ActivationMaps.GradCamPlusPlus);
}
