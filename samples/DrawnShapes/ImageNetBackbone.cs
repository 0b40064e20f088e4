using MLNetExtensions.Backbones;

namespace DrawnShapes;

/// <summary>The ImageNet network that a NuGet package brings, for images of any size.</summary>
internal static class ImageNetBackbone
{
    // Its last convolutions. What follows, a pooling over 7 x 7 places, needs images of 224 x 224 at least.
    private const string LastMap = "ReLU393_Output_0";

    public static Backbone ResNet18()
    {
        Backbone packaged = Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18");
        return Backbone.FromGraph(packaged.Graph, packaged.Preprocessing, packaged.Name, LastMap);
    }
}
