using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;

namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>Does a policy's operation at a strength in the operation's own unit, as torchvision's <c>_apply_op</c> does.</summary>
internal sealed class PolicyOperations : IPixelOperation
{
    private static readonly PolicyOperations Instance = new();

    /// <summary>True if the operation's strength may be positive or negative.</summary>
    public static bool IsSigned(PolicyOperation operation) => operation is >= PolicyOperation.ShearX and <= PolicyOperation.Sharpness;

    /// <summary>Adds an operation to a plan.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="strength">Shear in pixels a pixel, shift in pixels, rotation in degrees, factor minus 1, bits, threshold.</param>
    /// <param name="key">The operation's key.</param>
    /// <param name="plan">Receives it.</param>
    /// <param name="fill">The gray level beyond the image.</param>
    public static void Draw(PolicyOperation operation, double strength, DrawKey key, AugmentationPlan plan, byte fill)
    {
        switch (operation)
        {
            case PolicyOperation.Identity:
                break;
            case PolicyOperation.ShearX:
                plan.Transform(new Homography(1, strength, 0, 0, 1, 0), BorderMode.Constant, fill);
                break;
            case PolicyOperation.ShearY:
                plan.Transform(new Homography(1, 0, 0, strength, 1, 0), BorderMode.Constant, fill);
                break;
            case PolicyOperation.TranslateX:
                Translate.Draw(plan, strength, 0, BorderMode.Constant, fill);
                break;
            case PolicyOperation.TranslateY:
                Translate.Draw(plan, 0, strength, BorderMode.Constant, fill);
                break;
            case PolicyOperation.Rotate:
                Rotate.Draw(plan, strength, BorderMode.Constant, fill);
                break;
            default:
                plan.Add(Instance, key, (float)operation, (float)strength);
                break;
        }
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        float strength = values[1];
        switch ((PolicyOperation)(int)values[0])
        {
            case PolicyOperation.Brightness:
                Brightness.Apply(image, 1 + strength);
                break;
            case PolicyOperation.Color:
                Saturation.Apply(image, 1 + strength);
                break;
            case PolicyOperation.Contrast:
                Contrast.Apply(image, 1 + strength);
                break;
            case PolicyOperation.Sharpness:
                Sharpness.Apply(image, 1 + strength);
                break;
            case PolicyOperation.Posterize:
                Posterize.Apply(image, (int)strength);
                break;
            case PolicyOperation.Solarize:
                Solarize.Apply(image, (int)MathF.Ceiling(strength));
                break;
            case PolicyOperation.AutoContrast:
                AutoContrast.Apply(image);
                break;
            case PolicyOperation.Equalize:
                Equalize.Apply(image);
                break;
            case PolicyOperation.Invert:
                Solarize.Apply(image, 0);
                break;
        }
    }
}
