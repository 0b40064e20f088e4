using MLNetExtensions.Explanation.Activations;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// Grad-CAM (arXiv 1610.02391): the channels of a layer, weighted by the mean gradient of the class's logit, summed, positive parts only. Where global average pooling and a linear layer follow, it is CAM.
/// </summary>
public sealed record GradCam : ExplanationMethod
{
    /// <summary>The name of the layer: a value of the ONNX graph of shape [batch, channels, height, width].</summary>
    /// <value>The default is null: the last such value, which is what the pooling before the classifier reads.</value>
    public string? Layer { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new ActivationAttribution(setting, Layer, ActivationMaps.GradCam);
}
