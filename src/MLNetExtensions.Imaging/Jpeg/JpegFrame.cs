using System.Buffers.Binary;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>The headers of a baseline JPEG file (ITU-T T.81, annex B). Reused from file to file.</summary>
internal sealed class JpegFrame
{
    private static readonly byte[] NaturalOrder =
    [
        0,
        1,
        8,
        16,
        9,
        2,
        3,
        10,
        17,
        24,
        32,
        25,
        18,
        11,
        4,
        5,
        12,
        19,
        26,
        33,
        40,
        48,
        41,
        34,
        27,
        20,
        13,
        6,
        7,
        14,
        21,
        28,
        35,
        42,
        49,
        56,
        57,
        50,
        43,
        36,
        29,
        22,
        15,
        23,
        30,
        37,
        44,
        51,
        58,
        59,
        52,
        45,
        38,
        31,
        39,
        46,
        53,
        60,
        61,
        54,
        47,
        55,
        62,
        63,
    ];

    private readonly bool[] _hasQuantization = new bool[4];

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>1 (gray) or 3 (Y, Cb, Cr).</summary>
    public int ComponentCount { get; private set; }

    public JpegComponent[] Components { get; } = [new(), new(), new()];

    /// <summary>The number of MCUs between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The position of the first byte of entropy-coded data.</summary>
    public int DataStart { get; private set; }

    /// <summary>For each table: factors in zigzag order. Pinned.</summary>
    public int[][] Quantization { get; } = [.. Enumerable.Range(0, 4).Select(_ => GC.AllocateArray<int>(64, pinned: true))];

    public JpegHuffmanTable[] DcTables { get; } = [new(), new(), new(), new()];

    public JpegHuffmanTable[] AcTables { get; } = [new(), new(), new(), new()];

    /// <summary>The position in a block of each zigzag index.</summary>
    public static ReadOnlySpan<byte> ZigZag => NaturalOrder;

    /// <summary>Reads up to the pixels.</summary>
    /// <returns>False if this is no file of the plain kind: baseline, Y Cb Cr or gray, chroma at full or half size, one scan.</returns>
    public bool TryRead(ReadOnlySpan<byte> file)
    {
        Reset();
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
        {
            ReadOnlySpan<byte> segment = segments.Content;
            switch (segments.Marker)
            {
                case 0xC0 when TryReadFrame(segment):
                case 0xC4 when TryReadHuffman(segment):
                case 0xDB when TryReadQuantization(segment):
                // Adobe's marker; anything but Y Cb Cr is for others.
                case 0xEE when segment.Length < 12 || !segment.StartsWith("Adobe"u8) || segment[11] == 1:
                // What applications have to say, and comments.
                case (>= 0xE0 and <= 0xEF and not 0xEE) or 0xFE:
                    break;
                case 0xDD when segment.Length == 2:
                    RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case JpegSegments.Scan:
                    DataStart = segments.End;
                    return TryReadScan(segment);
                // Progressive, lossless, arithmetic, hierarchical; a height that comes later.
                default:
                    return false;
            }
        }
        return false;
    }

    private void Reset()
    {
        (Width, RestartInterval) = (0, 0);
        for (int i = 0; i < 4; i++)
        {
            DcTables[i].Clear();
            AcTables[i].Clear();
            _hasQuantization[i] = false;
        }
    }

    private bool TryReadFrame(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || Width != 0 || segment[0] != 8)
            return false;
        (Height, Width, ComponentCount) = (
            BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
            BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
            segment[5]
        );
        // Very narrow images have rules of their own for enlarging chroma.
        if (Width < 16 || Height < 16 || ComponentCount is not (1 or 3) || segment.Length != 6 + (3 * ComponentCount))
            return false;
        for (int i = 0; i < ComponentCount; i++)
        {
            ReadOnlySpan<byte> three = segment.Slice(6 + (3 * i), 3);
            Components[i].Id = three[0];
            (Components[i].Horizontal, Components[i].Vertical, Components[i].QuantizationTable) = (three[1] >> 4, three[1] & 15, three[2]);
            if (three[2] > 3)
                return false;
        }
        if (ComponentCount == 1)
        {
            // The sampling of a single component has no meaning, if it is one.
            if (Components[0] is not { Horizontal: >= 1 and <= 4, Vertical: >= 1 and <= 4 })
                return false;
            (Components[0].Horizontal, Components[0].Vertical) = (1, 1);
            return true;
        }
        bool isRgb = Components[0].Id == 'R' && Components[1].Id == 'G' && Components[2].Id == 'B';
        bool haveNames =
            Components[0].Id != Components[1].Id && Components[1].Id != Components[2].Id && Components[2].Id != Components[0].Id;
        return !isRgb
            && haveNames
            && (Components[0].Horizontal, Components[0].Vertical) is (1, 1) or (2, 1) or (2, 2)
            && Components[1] is { Horizontal: 1, Vertical: 1 }
            && Components[2] is { Horizontal: 1, Vertical: 1 };
    }

    private bool TryReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            int count = 0;
            foreach (byte one in segment.Slice(1, 16))
                count += one;
            if (count > 256 || segment.Length < 17 + count || (segment[0] & 0xEC) != 0)
                return false;
            bool isDc = segment[0] >> 4 == 0;
            JpegHuffmanTable table = (isDc ? DcTables : AcTables)[segment[0] & 3];
            ReadOnlySpan<byte> symbols = segment.Slice(17, count);
            // A symbol of the first coefficient is a number of bits.
            if ((isDc && symbols.ContainsAnyExceptInRange((byte)0, (byte)15)) || !table.Build(segment.Slice(1, 16), symbols))
                return false;
            segment = segment[(17 + count)..];
        }
        return segment.IsEmpty;
    }

    private bool TryReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 65)
        {
            if ((segment[0] & 0xFC) != 0)
                return false;
            for (int i = 0; i < 64; i++)
                Quantization[segment[0]][i] = segment[1 + i];
            _hasQuantization[segment[0]] = true;
            segment = segment[65..];
        }
        return segment.IsEmpty;
    }

    private bool TryReadScan(ReadOnlySpan<byte> segment)
    {
        if (Width == 0 || segment.Length < 1 || segment[0] != ComponentCount || segment.Length != 4 + (2 * ComponentCount))
            return false;
        for (int i = 0; i < ComponentCount; i++)
        {
            JpegComponent component = Components[i];
            byte tables = segment[2 + (2 * i)];
            (component.Dc, component.Ac) = (DcTables[(tables >> 4) & 3], AcTables[tables & 3]);
            if (
                segment[1 + (2 * i)] != component.Id
                || (tables & 0xCC) != 0
                || !component.Dc.IsDefined
                || !component.Ac.IsDefined
                || !_hasQuantization[component.QuantizationTable]
            )
                return false;
        }
        ReadOnlySpan<byte> spectrum = segment[(1 + (2 * ComponentCount))..];
        return spectrum[0] == 0 && spectrum[1] == 63 && spectrum[2] == 0;
    }
}
