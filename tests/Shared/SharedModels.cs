using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.TestData;

/// <summary>The backbones of <c>../shared/models</c>, with the preprocessing that they were trained with.</summary>
internal static class SharedModels
{
    private static readonly ImagePreprocessing Inception = Of(224, ImageChannelOrder.Rgb, 1 / 127.5f, 1, 1, 1);

    private static readonly Dictionary<string, ImagePreprocessing> Preprocessings = new()
    {
        ["mobilenetv2_1.0_224_bn"] = Inception,
        ["efficientnet_lite0_224_bn"] = Inception,
        ["squeezenet1.1_224"] = Of(224, ImageChannelOrder.Bgr, 1, 103.94f, 116.78f, 123.68f),
        ["darknet_tiny_224_bn"] = Of(224, ImageChannelOrder.Rgb, 1 / 255f, 0, 0, 0),
        ["resnet20_cifar10_bn"] = new ImagePreprocessing
        {
            Width = 32,
            Height = 32,
            CropFraction = 1,
        },
    };

    /// <summary>The names of the backbones.</summary>
    public static IEnumerable<string> Names => Preprocessings.Keys;

    /// <summary>The file of a backbone.</summary>
    public static string PathOf(string name) => SharedData.PathOf("models", name + ".onnx");

    /// <summary>The preprocessing of a backbone.</summary>
    public static ImagePreprocessing PreprocessingOf(string name) => Preprocessings[name];

    /// <summary>A backbone by its name.</summary>
    public static Backbone Read(string name) => Backbone.FromFile(PathOf(name), PreprocessingOf(name));

    private static ImagePreprocessing Of(int size, ImageChannelOrder channels, float scale, params float[] mean) =>
        new()
        {
            Width = size,
            Height = size,
            Channels = channels,
            Scale = scale,
            Mean = mean,
            StandardDeviation = [1, 1, 1],
        };
}
