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

    /// <summary>The flag of a block whose pixels may leave the range of libjpeg's arithmetic.</summary>
    public const int LargeBlock = 64;

    // The transform keeps lengths: the first coefficient moves a pixel by an eighth, all others together by no more than the root of their
    // squares' sum, and (a + b)^2 <= 2 (a^2 + b^2). Half of 512^2, with room for rounding.
    private const long SafeEnergy = 130_000;

    // With it no coefficient leaves 14 bits. No pixels have more, whatever the factors.
    private const long LargestEnergy = 1 << 22;

    /// <summary>True if more bits were read than the data hold.</summary>
    public readonly bool IsBeyondEnd => _padding > _count;

    /// <summary>True if nothing but the rest of a byte lies between the last block and a marker.</summary>
    public readonly bool IsAt(byte marker) =>
        _count - _padding is >= 0 and < 8 && _next + 1 < _end && _next[0] == 0xFF && _next[1] == marker;

    /// <summary>Reads a block.</summary>
    /// <param name="dc">The table of the first coefficient.</param>
    /// <param name="ac">The table of the others.</param>
    /// <param name="quantization">Factors in zigzag order.</param>
    /// <param name="coefficients">Receives the coefficients, multiplied by their factors; zeros before. Null to skip the block.</param>
    /// <param name="lastDc">The first coefficient of the block before, in units of its factor; replaced by this one's.</param>
    /// <returns>
    /// The position of the last coefficient that is not zero, with <see cref="LargeBlock"/> where the inverse transform must be checked; -1
    /// for data that make no sense, or no sense for pixels.
    /// </returns>
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
        // By the lowest six bits, the length.
        bits <<= entry;
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
        if (lastDc != (short)lastDc)
            return -1;
        long energy = 0;
        if (coefficients is not null)
        {
            value = lastDc * quantization[0];
            coefficients[0] = (short)value;
            energy = ((long)value * value) >> 6;
        }
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
                    bits <<= entry;
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
            bits <<= entry;
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
                long product = (long)value * quantization[k];
                coefficients[Unsafe.Add(ref zigzag, k)] = (short)product;
                energy += product * product;
                last = k;
            }
            k++;
        }
        (_bits, _count) = (bits, count);
        return energy <= SafeEnergy ? last
            : energy <= LargestEnergy ? last | LargeBlock
            : -1;
    }

    /// <summary>Goes on behind a restart marker.</summary>
    /// <param name="number">The number of the marker, 0 to 7.</param>
    /// <returns>False if it is not the next thing in the data.</returns>
    public bool TryRestart(int number)
    {
        if (!IsAt((byte)(0xD0 + number)))
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
