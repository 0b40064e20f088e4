using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>Reads the entropy-coded data of a JPEG file bit by bit; after a marker or the end come zeros.</summary>
internal unsafe struct JpegBitReader(byte* start, byte* end)
{
    private byte* _next = start;
    private readonly byte* _end = end;
    private ulong _bits;
    private int _count;
    private int _padding;

    /// <summary>True if more bits were read than the data hold.</summary>
    public readonly bool IsBeyondEnd => _padding > _count;

    /// <summary>Reads a block.</summary>
    /// <param name="dc">The table of the first coefficient.</param>
    /// <param name="ac">The table of the others.</param>
    /// <param name="quantization">Factors in zigzag order.</param>
    /// <param name="coefficients">Receives the coefficients, multiplied by their factors; zeros before. Null to skip the block.</param>
    /// <param name="lastDc">The first coefficient of the block before, in units of its factor; replaced by this one's.</param>
    /// <returns>The position of the last coefficient that is not zero, or -1 for data that make no sense.</returns>
    public int ReadBlock(JpegHuffmanTable dc, JpegHuffmanTable ac, int* quantization, short* coefficients, ref int lastDc)
    {
        // Copies, so that the loop works in registers; the slow paths work on the fields.
        ulong bits = _bits;
        int count = _count;
        ref int dcFast = ref MemoryMarshal.GetReference(dc.Fast);
        ref int acFast = ref MemoryMarshal.GetReference(ac.Fast);
        ref int acSkip = ref coefficients is null ? ref MemoryMarshal.GetReference(ac.Skip) : ref acFast;
        ref byte zigzag = ref MemoryMarshal.GetReference(JpegFrame.ZigZag);
        if (count < 32)
            Refill(ref bits, ref count);
        int entry = Unsafe.Add(ref dcFast, (int)(bits >> (64 - JpegHuffmanTable.FastBits)));
        if (entry == 0 && (entry = Slow(dc, bits)) == 0)
            return -1;
        bits <<= entry & 255;
        count -= entry & 255;
        int value = entry >> 16,
            size = (entry >> 12) & 15;
        if (size != 0)
        {
            value = Extend((int)(bits >> (64 - size)), size);
            bits <<= size;
            count -= size;
        }
        lastDc += value;
        if (coefficients is not null)
            coefficients[0] = (short)(lastDc * quantization[0]);
        int k = 1,
            last = 0;
        while (k < 64)
        {
            if (count < 32)
                Refill(ref bits, ref count);
            if (coefficients is null)
            {
                entry = Unsafe.Add(ref acSkip, (int)(bits >> (64 - JpegHuffmanTable.FastBits)));
                int next = k + ((entry >> 8) & 255);
                // An entry that leads to the block's end may have read into the next block's codes.
                if (entry != 0 && next <= 63)
                {
                    bits <<= entry & 255;
                    count -= entry & 255;
                    k = next;
                    if (entry >= JpegHuffmanTable.EndOfBlock)
                        break;
                    continue;
                }
            }
            entry = Unsafe.Add(ref acFast, (int)(bits >> (64 - JpegHuffmanTable.FastBits)));
            if (entry == 0 && (entry = Slow(ac, bits)) == 0)
                return -1;
            bits <<= entry & 255;
            count -= entry & 255;
            k += (entry >> 8) & 15;
            value = entry >> 16;
            if (value == 0)
            {
                size = (entry >> 12) & 15;
                if (size == 0)
                {
                    // Sixteen zeros, or the end of the block.
                    if ((entry & 0xF00) != 0xF00)
                        break;
                    k++;
                    continue;
                }
                value = Extend((int)(bits >> (64 - size)), size);
                bits <<= size;
                count -= size;
            }
            if (k > 63)
                return -1;
            if (coefficients is not null)
            {
                coefficients[Unsafe.Add(ref zigzag, k)] = (short)(value * quantization[k]);
                last = k;
            }
            k++;
        }
        (_bits, _count) = (bits, count);
        return last;
    }

    /// <summary>Goes on behind a restart marker.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryRestart()
    {
        if (_padding > _count)
            return false;
        // The rest of the buffer is padding up to the marker; the marker itself was never read.
        while (_next + 1 < _end && !(_next[0] == 0xFF && _next[1] is >= 0xD0 and <= 0xD7))
        {
            if (_next[0] != 0xFF)
                return false;
            _next++;
        }
        if (_next + 1 >= _end)
            return false;
        _next += 2;
        (_bits, _count, _padding) = (0, 0, 0);
        return true;
    }

    /// <summary>A code of more bits than the table knows, as an entry of the table; 0 for one that does not exist.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Slow(JpegHuffmanTable table, ulong bits)
    {
        int symbol = table.Slow((int)(bits >> 48), out int length);
        return symbol < 0 ? 0 : length | ((symbol >> 4) << 8) | ((symbol & 15) << 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(int bits, int size) => bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;

    /// <summary>Makes sure of 32 bits: a code and its value have at most 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Refill(ref ulong bits, ref int count)
    {
        if (_next + 8 <= _end)
        {
            ulong eight = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(_next));
            // Where no byte is 255: its upper bit and, by carry, its lower seven.
            if ((eight & ((eight & 0x7F7F7F7F7F7F7F7F) + 0x0101010101010101) & 0x8080808080808080) == 0)
            {
                bits |= eight >> count;
                int bytes = (63 - count) >> 3;
                _next += bytes;
                count += 8 * bytes;
                return;
            }
        }
        (_bits, _count) = (bits, count);
        RefillSlow();
        (bits, count) = (_bits, _count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefillSlow()
    {
        while (_count <= 56)
        {
            ulong value = 0;
            if (_next < _end && *_next != 0xFF)
            {
                value = *_next++;
            }
            else if (_next + 1 < _end && _next[1] == 0)
            {
                value = 0xFF;
                _next += 2;
            }
            else
            {
                _padding += 8;
            }
            _bits |= value << (56 - _count);
            _count += 8;
        }
    }
}
