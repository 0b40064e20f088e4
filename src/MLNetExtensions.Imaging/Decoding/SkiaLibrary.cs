using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Sees to it that SkiaSharp's native library is there, and of the version that its managed part, and ML.NET, call.</summary>
internal static class SkiaLibrary
{
    private static readonly Lazy<bool> Checked = new(() => Check(() => new SKPaint().Dispose()));

    /// <summary>Looks once; later calls do nothing.</summary>
    /// <exception cref="DllNotFoundException">It is missing or another version; the message says what to add.</exception>
    public static void Load() => _ = Checked.Value;

    /// <summary>Makes one error of the several that a missing or a wrong library shows itself by.</summary>
    internal static bool Check(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (Exception e)
            when (e
                    is DllNotFoundException
                        or EntryPointNotFoundException
                        or BadImageFormatException
                        or TypeInitializationException
                        or InvalidOperationException
            )
        {
            Version managed = typeof(SKPaint).Assembly.GetName().Version!;
            throw new DllNotFoundException(
                $"SkiaSharp's native library is missing, or of another version than the package SkiaSharp {managed.ToString(3)} "
                    + $"({e.Message}). "
                    + "Images are decoded with SkiaSharp 2.88.x, which ML.NET is built for: reference SkiaSharp 2.88.9 and, of the same "
                    + "version, the native package of the platform "
                    + "(Linux: SkiaSharp.NativeAssets.Linux.NoDependencies), and no package that brings SkiaSharp 3.",
                e
            );
        }
    }
}
