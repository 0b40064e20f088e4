using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>
/// Decodes a part of a plain JPEG file (baseline, Y Cb Cr or gray, one scan) to planar RGB or to BGRA pixels: the entropy-coded data are
/// read down to the part's last row, and only its own blocks become pixels. The same pixels as libjpeg's accurate decoding. Everything else
/// is left to Skia. Not thread-safe.
/// </summary>
internal sealed unsafe class JpegRegionDecoder
{
    // Memory for more is not kept from file to file.
    private const int LargeBytes = 64 << 20;

    // Chroma is enlarged with a look at the next sample.
    private const int Margin = 2;

    private readonly JpegFrame _frame = new();
    private readonly ScratchBuffer _samples = new();
    private readonly ScratchBuffer _rows = new();
    private readonly ScratchBuffer _planes = new();
    private readonly short[] _block = GC.AllocateArray<short>(64, pinned: true);
    private readonly JpegSamples[] _components = [new(), new(), new()];

    /// <summary>True if this processor supports the decoder.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Decodes a part to planes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="region">The part; inside the image.</param>
    /// <param name="planes">[3, height, width] of the part, valid until the next call.</param>
    /// <returns>False if the file is of another kind, or damaged: then it is Skia that decides.</returns>
    public bool TryDecode(ReadOnlySpan<byte> file, SKRectI region, out ReadOnlySpan<byte> planes)
    {
        planes = default;
        _planes.DropAbove(LargeBytes);
        _samples.DropAbove(LargeBytes);
        if (!IsSupported || !_frame.TryRead(file) || region.Right > _frame.Width || region.Bottom > _frame.Height)
            return false;
        Span<byte> result = _planes.Reserve(3 * region.Width * region.Height);
        fixed (byte* target = result)
            if (!TryDecode(file, region, new JpegTarget(target, region.Width, region.Width * region.Height)))
                return false;
        planes = result;
        return true;
    }

    /// <summary>Decodes a part to its place among the pixels of the whole image; what is around it stays.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="region">The part; inside the image.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="pixels">B, G, R and 255 for each pixel, row after row.</param>
    /// <returns>False if the file is of another kind or size, or damaged: then it is Skia that decides.</returns>
    public bool TryDecode(ReadOnlySpan<byte> file, SKRectI region, int width, int height, Span<byte> pixels)
    {
        if (!IsSupported || !_frame.TryRead(file) || _frame.Width != width || _frame.Height != height)
            return false;
        fixed (byte* target = pixels)
            return TryDecode(file, region, new JpegTarget(target + (4 * ((region.Top * width) + region.Left)), 4 * width, plane: 0));
    }

    private bool TryDecode(ReadOnlySpan<byte> file, SKRectI region, JpegTarget target)
    {
        int mcuWidth = 8 * _frame.Components[0].Horizontal,
            mcuHeight = 8 * _frame.Components[0].Vertical;
        int left = Math.Max(0, region.Left - Margin) / mcuWidth,
            right = (Math.Min(_frame.Width, region.Right + Margin) + mcuWidth - 1) / mcuWidth;
        int top = Math.Max(0, region.Top - Margin) / mcuHeight,
            bottom = (Math.Min(_frame.Height, region.Bottom + Margin) + mcuHeight - 1) / mcuHeight;
        PlaceSamples(left, right, top, bottom);
        fixed (
            byte* bytes = file,
                samples = _samples.Reserve(SampleBytes() + ChromaRow.Slack)
        )
        {
            // libjpeg decodes what has an end, whatever lies before it; what has none is decoded whole, to find out what is missing.
            if (
                !JpegHeader.HasEndIn(file[_frame.DataStart..])
                || !ReadBlocks(bytes + _frame.DataStart, bytes + file.Length, samples, left, right, top, bottom, mcuWidth)
            )
                return false;
            Convert(samples, region, target);
            return true;
        }
    }

    private void PlaceSamples(int left, int right, int top, int bottom)
    {
        int offset = 0;
        for (int i = 0; i < _frame.ComponentCount; i++)
        {
            JpegComponent component = _frame.Components[i];
            _components[i]
                .Place(
                    offset,
                    8 * component.Horizontal * left,
                    8 * component.Horizontal * (right - left),
                    8 * component.Vertical * top,
                    8 * component.Vertical * (bottom - top),
                    ((_frame.Width * component.Horizontal) + _frame.Components[0].Horizontal - 1) / _frame.Components[0].Horizontal,
                    ((_frame.Height * component.Vertical) + _frame.Components[0].Vertical - 1) / _frame.Components[0].Vertical
                );
            offset += _components[i].Bytes;
        }
    }

    private int SampleBytes() => _components[_frame.ComponentCount - 1].Offset + _components[_frame.ComponentCount - 1].Bytes;

    private bool ReadBlocks(byte* data, byte* end, byte* samples, int left, int right, int top, int bottom, int mcuWidth)
    {
        var reader = new JpegBitReader(data, end);
        int mcusPerRow = (_frame.Width + mcuWidth - 1) / mcuWidth,
            untilRestart = _frame.RestartInterval,
            restarts = 0;
        short* block = (short*)Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
        _block.AsSpan().Clear();
        int** tables = stackalloc int*[3];
        for (int i = 0; i < _frame.ComponentCount; i++)
            tables[i] = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_frame.Quantization[_frame.Components[i].QuantizationTable], 0);
        foreach (JpegComponent component in _frame.Components)
            component.LastDc = 0;
        for (int row = 0; row < bottom; row++)
        {
            for (int column = 0; column < mcusPerRow; column++)
            {
                if (_frame.RestartInterval > 0 && untilRestart-- == 0)
                {
                    if (!reader.TryRestart(restarts++ & 7))
                        return false;
                    untilRestart = _frame.RestartInterval - 1;
                    foreach (JpegComponent component in _frame.Components)
                        component.LastDc = 0;
                }
                bool isWanted = row >= top && column >= left && column < right;
                for (int i = 0; i < _frame.ComponentCount; i++)
                {
                    JpegComponent component = _frame.Components[i];
                    int lastDc = component.LastDc;
                    for (int v = 0; v < component.Vertical; v++)
                    {
                        for (int h = 0; h < component.Horizontal; h++)
                        {
                            int last = reader.ReadBlock(component.Dc, component.Ac, tables[i], isWanted ? block : null, ref lastDc);
                            if (last < 0)
                                return false;
                            if (!isWanted)
                                continue;
                            JpegSamples plane = _components[i];
                            int x = (((column - left) * component.Horizontal) + h) * 8,
                                y = (((row - top) * component.Vertical) + v) * 8;
                            byte* target = samples + plane.Offset + (y * plane.Width) + x;
                            if (last < JpegBitReader.LargeBlock)
                                InverseDct.Run(block, last, target, plane.Width);
                            else if (!InverseDct.TryRun(block, target, plane.Width))
                                return false;
                        }
                    }
                    component.LastDc = lastDc;
                }
            }
            if (reader.IsBeyondEnd)
                return false;
        }
        return bottom * 8 * _frame.Components[0].Vertical < _frame.Height || reader.IsAt(JpegHeader.EndOfImage);
    }

    private void Convert(byte* samples, SKRectI region, JpegTarget target)
    {
        int width = region.Width;
        if (_frame.ComponentCount == 1)
        {
            for (int y = 0; y < region.Height; y++)
                target.WriteGray(y, _components[0].Pixel(samples, region.Left, region.Top + y), width);
            return;
        }
        (int horizontal, int vertical) = (_frame.Components[0].Horizontal, _frame.Components[0].Vertical);
        // An enlarged row starts at an even pixel, and has room for one sample more at either end.
        int first = region.Left / horizontal,
            count = ((region.Right + horizontal - 1) / horizontal) - first,
            skip = region.Left - (first * horizontal);
        fixed (byte* rows = _rows.Reserve((2 * ChromaRow.OutputBytes(count)) + ChromaRow.ScratchBytes(count)))
        {
            byte* blue = rows,
                red = rows + ChromaRow.OutputBytes(count),
                scratch = red + ChromaRow.OutputBytes(count);
            for (int y = 0; y < region.Height; y++)
            {
                byte* luma = _components[0].Pixel(samples, region.Left, region.Top + y);
                byte* blueRow = ChromaRow.Enlarge(
                    _components[1],
                    samples,
                    first,
                    count,
                    region.Top + y,
                    horizontal,
                    vertical,
                    blue,
                    scratch
                );
                byte* redRow = ChromaRow.Enlarge(_components[2], samples, first, count, region.Top + y, horizontal, vertical, red, scratch);
                target.Write(y, luma, blueRow + skip, redRow + skip, width);
            }
        }
    }
}
