using System.Text.RegularExpressions;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>The names of layers that have none, as Keras forms them: <c>conv2d</c>, <c>max_pool2d</c>, <c>leaky_relu</c>.</summary>
internal static partial class LayerNames
{
    public static string Of(Layer layer) => WordEnd().Replace(layer.GetType().Name, "$0_").ToLowerInvariant();

    [GeneratedRegex("([a-z]|[0-9]D)(?=[A-Z][a-z])")]
    private static partial Regex WordEnd();
}
