using MLNetExtensions.Backbones;

namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>The backbone to train where none is named.</summary>
internal static class BackboneChoice
{
    /// <summary>
    /// Accuracy on ImageNet in percent, as published with the weights (ONNX Model Zoo, EfficientNet-Lite's and MobileNet's pages), by the
    /// beginning of the catalog's name.
    /// </summary>
    private static readonly (string Name, double Accuracy)[] Published =
    [
        ("efficientnet-lite4", 80.4),
        ("resnet152-v2", 78.3),
        ("resnet101-v2", 77.3),
        ("resnet152-v1", 77.4),
        ("resnet101-v1", 76.9),
        ("resnet50-v2", 75.8),
        ("efficientnet_lite0", 75.1),
        ("resnet50-v1", 74.9),
        ("vgg19-bn", 73.3),
        ("vgg16-bn", 72.9),
        ("mobilenetv2_1.0", 71.8),
        ("mobilenetv2", 71.0),
        ("resnet34", 73.6),
        ("resnet18", 69.9),
    ];

    /// <summary>The catalog's backbone in a folder that was most accurate on ImageNet; of equal ones, the smallest; null for none.</summary>
    public static string? Best(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.onnx")
            .Select(path => (Path: path, Entry: Known(path)))
            .Where(f => f.Entry is not null)
            .OrderByDescending(f => Accuracy(f.Entry!.Name))
            .ThenBy(f => f.Entry!.Size)
            .Select(f => f.Path)
            .FirstOrDefault();

    /// <summary>By name and size; <see cref="Backbone.FromFile"/> compares the SHA-256.</summary>
    private static BackboneInfo? Known(string path) =>
        Backbone.Catalog.FirstOrDefault(e => e.FileName == Path.GetFileName(path) && e.Size == new FileInfo(path).Length);

    private static double Accuracy(string name) =>
        Published.Where(p => name.StartsWith(p.Name, StringComparison.Ordinal)).Select(p => p.Accuracy).DefaultIfEmpty().Max();
}
