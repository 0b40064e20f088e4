using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SkiaSharp;

namespace MLNetExtensions.Data.Jpeg;

/// <summary>
/// Decodes a part of a plain JPEG file (baseline, Y Cb Cr or grey, one scan) to planar RGB: the entropy-coded data are read down to the part's last
/// row, and only its own blocks become pixels. The same pixels as libjpeg's accurate decoding. Everything else is left to Skia. Not thread-safe.
/// </summary>
internal sealed unsafe class JpegRegionDecoder
{
    // Chroma is enlarged with a look at the next sample.
    private const int Margin = 2;

    private readonly JpegFrame _frame = new();
    private readonly ScratchBuffer _samples = new();
    private readonly ScratchBuffer _rows = new();
    private readonly ScratchBuffer _planes = new();
    private readonly int[] _block = GC.AllocateArray<int>(64, pinned: true);
    private readonly JpegSamples[] _components = [new(), new(), new()];

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Decodes a part.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="region">The part; inside the picture.</param>
    /// <param name="planes">[3, height, width] of the part, valid until the next call.</param>
    /// <returns>False where the file is of another kind, or damaged: then it is Skia that decides.</returns>
    public bool TryDecode(ReadOnlySpan<byte> file, SKRectI region, out ReadOnlySpan<byte> planes)
    {
        planes = default;
        if (!IsSupported || !_frame.TryRead(file) || region.Right > _frame.Width || region.Bottom > _frame.Height)
            return false;
        int mcuWidth = 8 * _frame.Components[0].Horizontal, mcuHeight = 8 * _frame.Components[0].Vertical;
        int left = Math.Max(0, region.Left - Margin) / mcuWidth, right = (Math.Min(_frame.Width, region.Right + Margin) + mcuWidth - 1) / mcuWidth;
        int top = Math.Max(0, region.Top - Margin) / mcuHeight, bottom = (Math.Min(_frame.Height, region.Bottom + Margin) + mcuHeight - 1) / mcuHeight;
        PlaceSamples(left, right, top, bottom);
        fixed (byte* bytes = file, samples = _samples.Reserve(SampleBytes()))
        {
            if (!ReadBlocks(bytes + _frame.DataStart, bytes + file.Length, samples, left, right, top, bottom, mcuWidth))
                return false;
            Span<byte> result = _planes.Reserve(3 * region.Width * region.Height);
            Convert(samples, region, result);
            planes = result;
            return true;
        }
    }

    private void PlaceSamples(int left, int right, int top, int bottom)
    {
        int offset = 0;
        for (int i = 0; i < _frame.ComponentCount; i++)
        {
            JpegComponent component = _frame.Components[i];
            _components[i].Place(
                offset, 8 * component.Horizontal * left, 8 * component.Horizontal * (right - left), 8 * component.Vertical * top, 8 * component.Vertical * (bottom - top),
                ((_frame.Width * component.Horizontal) + _frame.Components[0].Horizontal - 1) / _frame.Components[0].Horizontal,
                ((_frame.Height * component.Vertical) + _frame.Components[0].Vertical - 1) / _frame.Components[0].Vertical);
            offset += _components[i].Bytes;
        }
    }

    private int SampleBytes() => _components[_frame.ComponentCount - 1].Offset + _components[_frame.ComponentCount - 1].Bytes;

    private bool ReadBlocks(byte* data, byte* end, byte* samples, int left, int right, int top, int bottom, int mcuWidth)
    {
        var reader = new JpegBitReader(data, end);
        int mcusPerRow = (_frame.Width + mcuWidth - 1) / mcuWidth, untilRestart = _frame.RestartInterval;
        int* block = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
        _block.AsSpan().Clear();
        int** tables = stackalloc int*[3];
        for (int i = 0; i < 3; i++)
            tables[i] = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_frame.Quantization[_frame.Components[i].QuantizationTable], 0);
        foreach (JpegComponent component in _frame.Components)
            component.LastDc = 0;
        for (int row = 0; row < bottom; row++)
        {
            for (int column = 0; column < mcusPerRow; column++)
            {
                if (_frame.RestartInterval > 0 && untilRestart-- == 0)
                {
                    if (!reader.TryRestart())
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
                            int x = (((column - left) * component.Horizontal) + h) * 8, y = (((row - top) * component.Vertical) + v) * 8;
                            InverseDct.Run(block, last, samples + plane.Offset + (y * plane.Width) + x, plane.Width);
                        }
                    }
                    component.LastDc = lastDc;
                }
            }
            if (reader.IsBeyondEnd)
                return false;
        }
        return true;
    }

    private void Convert(byte* samples, SKRectI region, Span<byte> planes)
    {
        int width = region.Width, plane = width * region.Height;
        fixed (byte* target = planes)
        {
            if (_frame.ComponentCount == 1)
            {
                for (int y = 0; y < region.Height; y++)
                {
                    var row = new ReadOnlySpan<byte>(_components[0].Pixel(samples, region.Left, region.Top + y), width);
                    for (int channel = 0; channel < 3; channel++)
                        row.CopyTo(planes.Slice((channel * plane) + (y * width), width));
                }
                return;
            }
            (int horizontal, int vertical) = (_frame.Components[0].Horizontal, _frame.Components[0].Vertical);
            // An enlarged row starts at an even pixel, and has room for one sample more at either end.
            int first = region.Left / horizontal, count = ((region.Right + horizontal - 1) / horizontal) - first, skip = region.Left - (first * horizontal);
            Span<byte> memory = _rows.Reserve((2 * ChromaRow.OutputBytes(count)) + ChromaRow.ScratchBytes(count));
            fixed (byte* rows = memory)
            {
                byte* blue = rows, red = rows + ChromaRow.OutputBytes(count), scratch = red + ChromaRow.OutputBytes(count);
                for (int y = 0; y < region.Height; y++)
                {
                    byte* luma = _components[0].Pixel(samples, region.Left, region.Top + y);
                    byte* blueRow = ChromaRow.Enlarge(_components[1], samples, first, count, region.Top + y, horizontal, vertical, blue, scratch);
                    byte* redRow = ChromaRow.Enlarge(_components[2], samples, first, count, region.Top + y, horizontal, vertical, red, scratch);
                    byte* to = target + (y * width);
                    YccToRgb.Convert(luma, blueRow + skip, redRow + skip, to, to + plane, to + (2 * plane), width);
                }
            }
        }
    }
}
