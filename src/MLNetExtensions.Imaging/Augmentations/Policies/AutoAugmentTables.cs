namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>The tables of arXiv 1805.09501, appendix A; where an operation has no magnitude it is 0.</summary>
internal static class AutoAugmentTables
{
    public static PolicyPair[] Cifar10 { get; } =
    [
        new(new(PolicyOperation.Invert, 0.1f, 0), new(PolicyOperation.Contrast, 0.2f, 6)),
        new(new(PolicyOperation.Rotate, 0.7f, 2), new(PolicyOperation.TranslateX, 0.3f, 9)),
        new(new(PolicyOperation.Sharpness, 0.8f, 1), new(PolicyOperation.Sharpness, 0.9f, 3)),
        new(new(PolicyOperation.ShearY, 0.5f, 8), new(PolicyOperation.TranslateY, 0.7f, 9)),
        new(new(PolicyOperation.AutoContrast, 0.5f, 0), new(PolicyOperation.Equalize, 0.9f, 0)),
        new(new(PolicyOperation.ShearY, 0.2f, 7), new(PolicyOperation.Posterize, 0.3f, 7)),
        new(new(PolicyOperation.Color, 0.4f, 3), new(PolicyOperation.Brightness, 0.6f, 7)),
        new(new(PolicyOperation.Sharpness, 0.3f, 9), new(PolicyOperation.Brightness, 0.7f, 9)),
        new(new(PolicyOperation.Equalize, 0.6f, 0), new(PolicyOperation.Equalize, 0.5f, 0)),
        new(new(PolicyOperation.Contrast, 0.6f, 7), new(PolicyOperation.Sharpness, 0.6f, 5)),
        new(new(PolicyOperation.Color, 0.7f, 7), new(PolicyOperation.TranslateX, 0.5f, 8)),
        new(new(PolicyOperation.Equalize, 0.3f, 0), new(PolicyOperation.AutoContrast, 0.4f, 0)),
        new(new(PolicyOperation.TranslateY, 0.4f, 3), new(PolicyOperation.Sharpness, 0.2f, 6)),
        new(new(PolicyOperation.Brightness, 0.9f, 6), new(PolicyOperation.Color, 0.2f, 8)),
        new(new(PolicyOperation.Solarize, 0.5f, 2), new(PolicyOperation.Invert, 0f, 0)),
        new(new(PolicyOperation.Equalize, 0.2f, 0), new(PolicyOperation.AutoContrast, 0.6f, 0)),
        new(new(PolicyOperation.Equalize, 0.2f, 0), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.Color, 0.9f, 9), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.AutoContrast, 0.8f, 0), new(PolicyOperation.Solarize, 0.2f, 8)),
        new(new(PolicyOperation.Brightness, 0.1f, 3), new(PolicyOperation.Color, 0.7f, 0)),
        new(new(PolicyOperation.Solarize, 0.4f, 5), new(PolicyOperation.AutoContrast, 0.9f, 0)),
        new(new(PolicyOperation.TranslateY, 0.9f, 9), new(PolicyOperation.TranslateY, 0.7f, 9)),
        new(new(PolicyOperation.AutoContrast, 0.9f, 0), new(PolicyOperation.Solarize, 0.8f, 3)),
        new(new(PolicyOperation.Equalize, 0.8f, 0), new(PolicyOperation.Invert, 0.1f, 0)),
        new(new(PolicyOperation.TranslateY, 0.7f, 9), new(PolicyOperation.AutoContrast, 0.9f, 0)),
    ];

    public static PolicyPair[] ImageNet { get; } =
    [
        new(new(PolicyOperation.Posterize, 0.4f, 8), new(PolicyOperation.Rotate, 0.6f, 9)),
        new(new(PolicyOperation.Solarize, 0.6f, 5), new(PolicyOperation.AutoContrast, 0.6f, 0)),
        new(new(PolicyOperation.Equalize, 0.8f, 0), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.Posterize, 0.6f, 7), new(PolicyOperation.Posterize, 0.6f, 6)),
        new(new(PolicyOperation.Equalize, 0.4f, 0), new(PolicyOperation.Solarize, 0.2f, 4)),
        new(new(PolicyOperation.Equalize, 0.4f, 0), new(PolicyOperation.Rotate, 0.8f, 8)),
        new(new(PolicyOperation.Solarize, 0.6f, 3), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.Posterize, 0.8f, 5), new(PolicyOperation.Equalize, 1f, 0)),
        new(new(PolicyOperation.Rotate, 0.2f, 3), new(PolicyOperation.Solarize, 0.6f, 8)),
        new(new(PolicyOperation.Equalize, 0.6f, 0), new(PolicyOperation.Posterize, 0.4f, 6)),
        new(new(PolicyOperation.Rotate, 0.8f, 8), new(PolicyOperation.Color, 0.4f, 0)),
        new(new(PolicyOperation.Rotate, 0.4f, 9), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.Equalize, 0f, 0), new(PolicyOperation.Equalize, 0.8f, 0)),
        new(new(PolicyOperation.Invert, 0.6f, 0), new(PolicyOperation.Equalize, 1f, 0)),
        new(new(PolicyOperation.Color, 0.6f, 4), new(PolicyOperation.Contrast, 1f, 8)),
        new(new(PolicyOperation.Rotate, 0.8f, 8), new(PolicyOperation.Color, 1f, 2)),
        new(new(PolicyOperation.Color, 0.8f, 8), new(PolicyOperation.Solarize, 0.8f, 7)),
        new(new(PolicyOperation.Sharpness, 0.4f, 7), new(PolicyOperation.Invert, 0.6f, 0)),
        new(new(PolicyOperation.ShearX, 0.6f, 5), new(PolicyOperation.Equalize, 1f, 0)),
        new(new(PolicyOperation.Color, 0.4f, 0), new(PolicyOperation.Equalize, 0.6f, 0)),
        new(new(PolicyOperation.Equalize, 0.4f, 0), new(PolicyOperation.Solarize, 0.2f, 4)),
        new(new(PolicyOperation.Solarize, 0.6f, 5), new(PolicyOperation.AutoContrast, 0.6f, 0)),
        new(new(PolicyOperation.Invert, 0.6f, 0), new(PolicyOperation.Equalize, 1f, 0)),
        new(new(PolicyOperation.Color, 0.6f, 4), new(PolicyOperation.Contrast, 1f, 8)),
        new(new(PolicyOperation.Equalize, 0.8f, 0), new(PolicyOperation.Equalize, 0.6f, 0)),
    ];
}
