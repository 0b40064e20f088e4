using MLNetExtensions.Backbones;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Training;

/// <summary>Opens the pretrained network that a run starts from.</summary>
internal static class BackboneOpening
{
    /// <exception cref="UsageException">It cannot be trained from.</exception>
    public static Backbone Open(string path, int? size)
    {
        try
        {
            Backbone backbone = Backbone.FromFile(path);
            return size is null
                ? backbone
                : Backbone.FromFile(path, backbone.Preprocessing with { Width = size.Value, Height = size.Value }, backbone.FeatureNode);
        }
        catch (Exception error) when (error is MLNetExtensions.Onnx.OnnxFormatException or ArgumentException or FormatException)
        {
            throw new UsageException($"The backbone '{path}' cannot be used: {error.Message}", error);
        }
    }
}
