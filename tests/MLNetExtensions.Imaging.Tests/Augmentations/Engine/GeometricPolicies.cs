using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>Every operation that moves pixels, and chains of them.</summary>
internal static class GeometricPolicies
{
    public static IReadOnlyDictionary<string, Augmentation> All { get; } =
        new Dictionary<string, Augmentation>(StringComparer.Ordinal)
        {
            ["none"] = Augment.None(),
            [nameof(HorizontalFlip)] = new HorizontalFlip(),
            [nameof(VerticalFlip)] = new VerticalFlip { Probability = 1 },
            [nameof(Rotate90)] = new Rotate90(),
            [nameof(Rotate)] = new Rotate { MinDegrees = -40, MaxDegrees = 40 },
            [nameof(Scale)] = new Scale { MinFactor = 0.5f, MaxFactor = 1.6f },
            [nameof(Translate)] = new Translate { MaxX = 0.4f, MaxY = 0.4f },
            [nameof(Shear)] = new Shear { MaxX = 0.5f, MaxY = 0.3f },
            [nameof(Affine)] = new Affine
            {
                MaxDegrees = 30,
                MinScale = 0.5f,
                MaxScale = 1.5f,
                MaxShearDegrees = 10,
                MaxTranslateX = 0.3f,
            },
            [nameof(Perspective)] = new Perspective { Distortion = 0.6f },
            [nameof(CenterCrop)] = new CenterCrop { Fraction = 0.8f },
            [nameof(RandomCrop)] = new RandomCrop { Width = 60, Height = 50 },
            [nameof(RandomResizedCrop)] = new RandomResizedCrop { MinArea = 0.3f },
            ["padded " + nameof(RandomCrop)] = new RandomCrop
            {
                Width = 140,
                Height = 60,
                PadIfNeeded = true,
            },
            [nameof(IouCrop)] = new IouCrop(),
            [nameof(LetterboxResize)] = new LetterboxResize { Fill = 0 },
            [nameof(RandomResize)] = new RandomResize(),
            [nameof(PadAndCrop)] = new PadAndCrop { Padding = 20 },
            [nameof(Elastic)] = new Elastic { Displacement = 4, Smoothness = 40 },
            [nameof(GridDistortion)] = new GridDistortion { Limit = 0.5f },
            ["crop, turn, crop"] = Augment.Compose(
                new RandomCrop { Width = 80, Height = 70 },
                new Rotate { MinDegrees = -30, MaxDegrees = 30 },
                new RandomResizedCrop { MinArea = 0.5f }
            ),
            ["zoom, perspective, quarter, flip"] = Augment.Compose(
                new Scale { MinFactor = 0.7f, MaxFactor = 1.4f },
                new Perspective { Distortion = 0.4f },
                new Rotate90(),
                new HorizontalFlip()
            ),
            ["turn, colors, turn back"] = Augment.Compose(
                new Rotate { MinDegrees = 20, MaxDegrees = 20 },
                new Contrast { MinFactor = 1, MaxFactor = 1 },
                new Rotate { MinDegrees = -20, MaxDegrees = -20 }
            ),
            ["elastic, shear"] = Augment.Compose(new Elastic { Displacement = 3, Smoothness = 40 }, new Shear { MaxX = 0.3f }),
        };
}
