using Porpoise.Core.Policies.Conditions;

namespace Porpoise.Core.Policies;

/// <summary>One thing known about a request. It is read as a number, a date or an address at most once, when a policy asks for it.</summary>
public sealed class RequestFact
{
    private readonly ConditionKey _key;
    private Reading<decimal> _number;
    private Reading<DateTimeOffset> _date;
    private Reading<NetworkAddress> _address;

    internal RequestFact(ConditionKey key, string? value)
    {
        _key = key;
        Value = value;
    }

    internal delegate bool Reader<T>(string text, out T value);

    public ConditionKey Key => _key;

    /// <summary>Null when it was given with different values, so that nobody knows which holds.</summary>
    public string? Value { get; }

    internal bool Has(in ConditionKey key) => _key.Hash == key.Hash && _key == key;

    internal bool TryGetNumber(out decimal number) => _number.TryGet(Value, TypedValue.TryReadNumber, out number);

    internal bool TryGetDate(out DateTimeOffset date) => _date.TryGet(Value, TypedValue.TryReadDate, out date);

    internal bool TryGetAddress(out NetworkAddress address) => _address.TryGet(Value, NetworkAddress.TryRead, out address);

    internal bool TryGetTruth(out bool truth) => TypedValue.TryReadBool(Value ?? "", out truth);

    /// <summary>Two threads may read the same text at once: both store the same value, and nobody looks at it before it is whole, as the state is written last.</summary>
    private struct Reading<T>
        where T : struct
    {
        private const int Unread = 0;
        private const int Good = 1;
        private const int Bad = 2;

        private T _value;
        private int _state;

        public bool TryGet(string? text, Reader<T> read, out T value)
        {
            if (Volatile.Read(ref _state) == Unread)
            {
                var isGood = read(text ?? "", out var once);
                _value = once;
                Volatile.Write(ref _state, isGood ? Good : Bad);
            }

            value = _value;
            return _state == Good;
        }
    }
}
