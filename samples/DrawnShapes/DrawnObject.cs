using SkiaSharp;

namespace DrawnShapes;

/// <summary>A shape of a scene.</summary>
/// <param name="Class">The index of its name in <see cref="ShapeScene.Classes"/>.</param>
/// <param name="Box">The smallest box around it, in pixels, within the image.</param>
internal readonly record struct DrawnObject(int Class, SKRect Box);
