namespace MLNetExtensions.Tool.Tasks;

/// <summary>What a model says about an image.</summary>
internal enum VisionTask
{
    /// <summary>The class of the image.</summary>
    Classify,

    /// <summary>The objects in it, each with a box and a class.</summary>
    Detect,

    /// <summary>The class of each pixel.</summary>
    Segment,
}
