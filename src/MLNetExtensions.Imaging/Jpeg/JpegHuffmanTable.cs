namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>A Huffman table of a JPEG file (ITU-T T.81, annex C), with a table of what the next ten bits mean.</summary>
internal sealed class JpegHuffmanTable
{
    public const int FastBits = 10;

    private readonly int[] _fast = new int[1 << FastBits];

    // For each length: one more than the last code, aligned to 16 bits; and what leads from a code to its place in the symbols.
    private readonly int[] _end = new int[17];
    private readonly int[] _offset = new int[17];
    private readonly byte[] _symbols = new byte[256];
    private readonly byte[] _counts = new byte[16];
    private int _built = -1;
    private readonly int[] _skip = new int[1 << FastBits];
    private bool _hasSkip;

    /// <summary>
    /// The decoding of the next ten bits: bits 0..7 the length of the code, plus that of the value where it is known; 8..11 the zeros
    /// before the value; 12..15 the number of bits of a value that is not known yet; 16..31 the value, which is never 0 for coefficients. 0
    /// if the code is longer.
    /// </summary>
    public ReadOnlySpan<int> Fast => _fast;

    /// <summary>The flag of a <see cref="Skip"/> entry that ends the block.</summary>
    public const int EndOfBlock = 1 << 16;

    /// <summary>
    /// The decoding of the next ten bits in blocks that are skipped: as many coefficients as the bits hold. Bits 0..7 are the number of
    /// bits of all their codes and values, 8..15 the number of positions to advance in the block, then <see cref="EndOfBlock"/>. 0 if the
    /// first code is longer.
    /// </summary>
    public ReadOnlySpan<int> Skip
    {
        get
        {
            if (!_hasSkip)
                FillSkip();
            _hasSkip = true;
            return _skip;
        }
    }

    /// <summary>True if the file defines this table.</summary>
    public bool IsDefined { get; private set; }

    public void Clear() => IsDefined = false;

    /// <summary>Builds the table.</summary>
    /// <param name="counts">The number of codes of each length, 1 to 16 bits.</param>
    /// <param name="symbols">The symbols in the order of their codes.</param>
    /// <returns>False if the counts contradict each other.</returns>
    public bool Build(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        // Most files have the standard's own tables, as the file before had.
        if (symbols.Length == _built && counts.SequenceEqual(_counts) && symbols.SequenceEqual(_symbols.AsSpan(0, _built)))
            return IsDefined = true;
        _built = -1;
        _fast.AsSpan().Clear();
        symbols.CopyTo(_symbols);
        counts.CopyTo(_counts);
        int code = 0,
            index = 0;
        for (int length = 1; length <= 16; length++)
        {
            _offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                // A code of nothing but ones is not allowed.
                if (code >= (1 << length) - 1)
                    return false;
                if (length <= FastBits)
                    Fill(code, length, symbols[index]);
            }
            _end[length] = code << (16 - length);
            code <<= 1;
        }
        _built = symbols.Length;
        _hasSkip = false;
        return IsDefined = true;
    }

    /// <summary>Finds a code of more than <see cref="FastBits"/> bits.</summary>
    /// <param name="next">The next 16 bits.</param>
    /// <param name="length">The code's length.</param>
    /// <returns>The symbol, or -1.</returns>
    public int Slow(int next, out int length)
    {
        for (length = FastBits + 1; length <= 16; length++)
            if (next < _end[length])
                return _symbols[((next >> (16 - length)) + _offset[length]) & 255];
        return -1;
    }

    private void Fill(int code, int length, byte symbol)
    {
        int size = symbol & 15,
            run = symbol >> 4,
            free = FastBits - length;
        Span<int> entries = _fast.AsSpan(code << free, 1 << free);
        if (size == 0 || size > free)
        {
            entries.Fill(length | (run << 8) | (size << 12));
            return;
        }
        int each = 1 << (free - size);
        for (int bits = 0; bits < 1 << size; bits++)
        {
            int value = bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
            entries.Slice(bits * each, each).Fill((length + size) | (run << 8) | (value << 16));
        }
    }

    private void FillSkip()
    {
        for (int prefix = 0; prefix < _skip.Length; prefix++)
        {
            int bits = 0,
                advance = 0,
                end = 0;
            while (bits < FastBits && end == 0)
            {
                int entry = _fast[(prefix << bits) & (_skip.Length - 1)],
                    length = entry & 255,
                    size = (entry >> 12) & 15,
                    run = (entry >> 8) & 15;
                // The bits behind the prefix are not known: a code must lie in it, its value need not.
                if (entry == 0 || length > FastBits - bits)
                    break;
                if (entry >> 16 == 0 && size == 0 && run != 15)
                    end = EndOfBlock;
                else
                    advance += run + 1;
                bits += length + (entry >> 16 == 0 ? size : 0);
            }
            _skip[prefix] = bits == 0 ? 0 : bits | (advance << 8) | end;
        }
    }
}
