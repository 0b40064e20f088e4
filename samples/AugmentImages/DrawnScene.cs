using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace AugmentImagesSample;

/// <summary>An image to augment where none is given: a house on a hill.</summary>
internal static class DrawnScene
{
    private const int Width = 320,
        Height = 240;

    public static RasterImage Draw()
    {
        using var bitmap = new SKBitmap(Width, Height);
        using var canvas = new SKCanvas(bitmap);
        using var sky = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(
                new SKPoint(0, 0),
                new SKPoint(0, Height),
                [new SKColor(70, 130, 200), new SKColor(220, 230, 240)],
                SKShaderTileMode.Clamp
            ),
        };
        canvas.DrawPaint(sky);
        Fill(canvas, new SKColor(250, 210, 80), path => path.AddCircle(250, 50, 24));
        Fill(canvas, new SKColor(90, 150, 70), path => path.AddOval(new SKRect(-80, 150, 400, 420)));
        Fill(canvas, new SKColor(200, 90, 60), path => path.AddRect(new SKRect(90, 110, 190, 190)));
        Fill(canvas, new SKColor(120, 50, 40), path => path.AddPoly([new SKPoint(80, 112), new SKPoint(140, 65), new SKPoint(200, 112)]));
        Fill(canvas, new SKColor(240, 230, 160), path => path.AddRect(new SKRect(105, 128, 130, 153)));
        Fill(canvas, new SKColor(70, 45, 30), path => path.AddRect(new SKRect(148, 140, 174, 190)));
        Fill(canvas, new SKColor(40, 100, 50), path => path.AddCircle(245, 150, 28));
        Fill(canvas, new SKColor(100, 70, 40), path => path.AddRect(new SKRect(240, 170, 250, 205)));
        using SKData file = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return RasterImage.Decode(file.Span);
    }

    private static void Fill(SKCanvas canvas, SKColor color, Action<SKPath> outline)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        using var path = new SKPath();
        outline(path);
        canvas.DrawPath(path, paint);
    }
}
