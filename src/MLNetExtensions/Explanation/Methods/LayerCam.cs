using MLNetExtensions.Explanation.Activations;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// LayerCAM (Jiang et al. 2021, IEEE TIP 30): each place of a layer weighted by its own positive gradient, so that earlier layers give finer maps.
/// </summary>
public sealed record LayerCam : ExplanationMethod
{
    /// <summary>The name of the layer: a value of the ONNX graph of shape [batch, channels, height, width].</summary>
    /// <value>The default is null: the last such value, which is what the pooling before the classifier reads.</value>
    public string? Layer { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new ActivationAttribution(setting, Layer, ActivationMaps.LayerCam);
}
