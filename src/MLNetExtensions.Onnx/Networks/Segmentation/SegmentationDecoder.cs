namespace MLNetExtensions.Onnx.Networks.Segmentation;

/// <summary>The layers of a segmentation network behind its backbone.</summary>
public enum SegmentationDecoder
{
    /// <summary>
    /// A feature pyramid over the strides 4, 8, 16 and 32, whose maps are summed at stride 4 (semantic FPN, arXiv 1901.02446): good for small
    /// and for large objects.
    /// </summary>
    FeaturePyramid,

    /// <summary>
    /// U-Net (arXiv 1505.04597): from the deepest map up to stride 4, each joined to the backbone's map of its size. The finest outlines, at
    /// the highest cost.
    /// </summary>
    UNet,

    /// <summary>
    /// Lite R-ASPP of MobileNetV3 (arXiv 1905.02244): the map of stride 16, gated by its mean over the image, and a short way from stride 8.
    /// The fastest.
    /// </summary>
    LiteRaspp,
}
