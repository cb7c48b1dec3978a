// Whom to call for help, by where the phone is and not by the language it speaks: its time zone tells. Pure. A company that rides
// elsewhere adds a line.
export type Service = 'all' | 'ambulance' | 'police'

export interface Number { service: Service; number: string }

const all = (number: string): Number[] => [{ service: 'all', number }]
const two = (ambulance: string, police: string): Number[] => [{ service: 'ambulance', number: ambulance }, { service: 'police', number: police }]

const byZone: [RegExp, Number[]][] = [
  [/^(Asia\/(Shanghai|Urumqi|Chongqing|Harbin|Kashgar)|PRC)$/, two('120', '110')],
  [/^Asia\/(Taipei|Tokyo)$/, two('119', '110')],
  [/^Asia\/Singapore$/, two('995', '999')],
  [/^Asia\/(Hong_Kong|Macau|Kuala_Lumpur)$/, all('999')],
  [/^America\//, all('911')],
  [/^Australia\//, all('000')],
]

// numbersIn are the emergency numbers of a time zone; 112 where none is known, which mobile networks nearly everywhere put through.
export const numbersIn = (zone: string): Number[] => byZone.find(([z]) => z.test(zone))?.[1] ?? all('112')
